namespace DistNet.Protocol;

/// <summary>Notices that a step has waited for the last of its sums for longer than steps take, so that others may compute them too.</summary>
/// <remarks>
/// It lives from looks at regular intervals, not from what a step does: the time of a step is what passed between two looks, divided by the steps
/// made, and a wait begins with the look that first sees some sums and not all. So a steady step pays nothing for it.
/// </remarks>
/// <param name="stepDeadline">After which whoever a step waits for is taken for lost. No step waits longer than half of it for
/// help, however long steps take.</param>
public sealed class StragglerWatch(TimeSpan stepDeadline)
{
    /// <summary>How often to look.</summary>
    public static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>No step is helped sooner than this after its first sum: about the time for which an operating system may take a core away.</summary>
    public static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(20);

    /// <summary>A step is helped when it has waited for this many times what a step takes.</summary>
    public const int PatienceInSteps = 4;

    // Each step's time counts this much in the average.
    private const double NewestShare = 0.25;

    private readonly TimeSpan _longestWait = stepDeadline / 2;

    // Before any step was timed, an average that allows for code that runs for the first time.
    private TimeSpan _stepTime = TimeSpan.FromMilliseconds(60);

    // The version at the last look, and when it was first seen; whether its step may be timed: it may not if it was helped, or was not begun under this watch.
    private long _version = -1;
    private TimeSpan _since;
    private bool _isTimed;

    // When help is due next, or null while the step waits for nothing; how long after that it is due again.
    private TimeSpan? _dueAt;
    private TimeSpan _interval;

    /// <summary>The recent average time of a step that nobody had to help.</summary>
    internal TimeSpan StepTime => _stepTime;

    /// <summary>Looks at a shard.</summary>
    /// <param name="version">The version it is at.</param>
    /// <param name="isWaiting">Whether its step has some of its sums, not all of them, and could be made if it had.</param>
    /// <param name="now">The time.</param>
    /// <returns>Whether to ask for help now. Asking again is due after an interval that doubles.</returns>
    public bool IsHelpDue(long version, bool isWaiting, TimeSpan now)
    {
        if (version != _version)
            Time(version, now);
        if (!isWaiting)
        {
            _dueAt = null;
            return false;
        }
        if (_dueAt is null)
            Await(now);
        if (now < _dueAt)
            return false;
        _interval *= 2;
        _dueAt = now + _interval;
        _isTimed = false;
        return true;
    }

    /// <summary>What the shard waits for begins anew: its state, its leases, or leave to step on. The step under way is not timed.</summary>
    public void BeginAnew() => (_dueAt, _isTimed) = (null, false);

    // A pause of the machine counts as one step that would just not have been helped: counted in full, it would have the next slow worker waited for
    // as long, in each of its steps, since those are helped and so are not timed.
    private void Time(long version, TimeSpan now)
    {
        if (_isTimed && version > _version)
        {
            TimeSpan step = (now - _since) / (version - _version);
            _stepTime += NewestShare * ((step < Patience ? step : Patience) - _stepTime);
        }
        (_version, _since, _isTimed, _dueAt) = (version, now, true, null);
    }

    private void Await(TimeSpan now)
    {
        _interval = Patience;
        _dueAt = now + _interval;
    }

    private TimeSpan Patience => new(Math.Clamp((PatienceInSteps * _stepTime).Ticks, ShortestWait.Ticks, _longestWait.Ticks));
}
