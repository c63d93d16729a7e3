using Akka.Actor;

namespace DistNet.Actors;

/// <summary>How parents treat children that crash.</summary>
internal static class Supervision
{
    /// <summary>Restart, whatever it was; give the child up when it crashes more than ten times a minute, which its watchers then hear.</summary>
    public static SupervisorStrategy RestartTenTimesAMinute() =>
        new OneForOneStrategy(maxNrOfRetries: 10, withinTimeRange: TimeSpan.FromMinutes(1), _ => Directive.Restart);
}
