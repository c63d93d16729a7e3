using Akka.Actor;

namespace DistNet.Actors;

/// <summary>How parents treat children that crash.</summary>
internal static class Supervision
{
    /// <summary>
    /// Restart; give the child up when it crashes more than ten times a minute, which its watchers then hear. What would happen again at once,
    /// an impossible argument or memory that is not there, is not tried again.
    /// </summary>
    /// <param name="heard">Hears of each crash first, or null.</param>
    public static SupervisorStrategy RestartTenTimesAMinute(Action<Exception>? heard = null) =>
        new OneForOneStrategy(maxNrOfRetries: 10, withinTimeRange: TimeSpan.FromMinutes(1), failure =>
        {
            heard?.Invoke(failure);
            return DirectiveFor(failure);
        });

    private static Directive DirectiveFor(Exception failure) =>
        failure is ArgumentException or OutOfMemoryException || failure.InnerException is ArgumentException or OutOfMemoryException ? Directive.Stop : Directive.Restart;
}
