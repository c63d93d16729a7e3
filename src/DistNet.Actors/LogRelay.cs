using Akka.Actor;
using Akka.Event;

namespace DistNet.Actors;

/// <summary>Passes the actors' warnings and errors on as text.</summary>
internal sealed class LogRelay : ReceiveActor
{
    public LogRelay(Action<string> log) => Receive<LogEvent>(e => log($"{e.LogSource}: {e.Message}"));

    public static Props Props(Action<string> log) => Akka.Actor.Props.Create(() => new LogRelay(log));

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(Warning));
        Context.System.EventStream.Subscribe(Self, typeof(Error));
    }
}
