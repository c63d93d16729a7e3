using Akka.Actor;
using Akka.Event;
using DistNet.Actors.Transport;

namespace DistNet.Actors;

/// <summary>Passes the actors' warnings and errors on as text.</summary>
/// <remarks>Of what remoting says of strangers' connections only a few sentences, and short ones: whoever reaches the port could fill the disk.</remarks>
internal sealed class LogRelay : ReceiveActor
{
    private const int LongestOfRemoting = 300;

    private readonly Action<string> _log;
    private readonly RareLog _ofRemoting;

    public LogRelay(Action<string> log, TimeProvider time)
    {
        (_log, _ofRemoting) = (log, new RareLog(log, time, "more warnings about connections were left out"));
        Receive<LogEvent>(Relay);
    }

    public static Props Props(Action<string> log, TimeProvider time) => Akka.Actor.Props.Create(() => new LogRelay(log, time));

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(Warning));
        Context.System.EventStream.Subscribe(Self, typeof(Error));
    }

    private void Relay(LogEvent e)
    {
        if (IsOfRemoting(e.LogSource))
            _ofRemoting.Write($"{e.LogSource}: {FirstLine($"{e.Message}")}");
        else
            _log($"{e.LogSource}: {e.Message}");
    }

    private static bool IsOfRemoting(string source) =>
        source.Contains("/system/endpointManager", StringComparison.Ordinal) || source.Contains("/system/transports", StringComparison.Ordinal)
        || source.StartsWith("Tcp", StringComparison.Ordinal);

    // Some are stack traces, and a stranger chooses what is in them.
    private static string FirstLine(string text)
    {
        string line = text.Split('\n', 2)[0].TrimEnd('\r');
        return line.Length <= LongestOfRemoting ? line : $"{line[..LongestOfRemoting]}...";
    }
}
