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
    /// <param name="whenLasting">What is done about such a crash.</param>
    public static SupervisorStrategy RestartTenTimesAMinute(Action<Exception>? heard = null, Directive whenLasting = Directive.Stop) =>
        new OneForOneStrategy(maxNrOfRetries: 10, withinTimeRange: TimeSpan.FromMinutes(1), failure =>
        {
            heard?.Invoke(failure);
            return IsLasting(failure) || IsLasting(failure.InnerException) ? whenLasting : Directive.Restart;
        });

    private static bool IsLasting(Exception? failure) => failure is ArgumentException or OutOfMemoryException;
}
