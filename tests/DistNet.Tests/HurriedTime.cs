namespace DistNet.Tests;

/// <summary>A clock that runs so many times as fast, its timers with it: a minute's wait is over in a second.</summary>
internal sealed class HurriedTime(int times) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + System.GetElapsedTime(0) * times;

    public override long GetTimestamp() => System.GetTimestamp() * times;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, Shortened(dueTime), Shortened(period));

    private TimeSpan Shortened(TimeSpan time) => time == Timeout.InfiniteTimeSpan ? time : time / times;
}
