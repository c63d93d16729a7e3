namespace DistNet.Protocol.Tests;

public class StragglerWatchSpecs
{
    private readonly StragglerWatch _watch = new(stepDeadline: TimeSpan.FromSeconds(2));
    private TimeSpan _now;

    [Fact]
    public void A_step_that_waits_longer_than_four_usual_ones_is_helped()
    {
        MakeSteps(milliseconds: 100);
        AssertHelpIsDueAfter(milliseconds: 400);
    }

    [Fact]
    public void Help_is_asked_for_again_after_an_interval_that_doubles()
    {
        MakeSteps(milliseconds: 100);
        Look(version: 20);
        int[] asked = [.. Enumerable.Range(1, 160).Where(_ => Look(version: 20, after: 20)).Select(look => look * 20)];

        Assert.Equal([400, 1200, 2800], asked);
    }

    [Fact]
    public void Short_steps_wait_for_as_long_as_a_core_may_be_taken_away()
    {
        MakeSteps(milliseconds: 1);
        AssertHelpIsDueAfter(milliseconds: 20);
    }

    [Fact]
    public void No_step_waits_until_whoever_it_waits_for_is_taken_for_lost()
    {
        MakeSteps(milliseconds: 400);
        AssertHelpIsDueAfter(milliseconds: 1000);
    }

    [Fact]
    public void Several_steps_between_two_looks_share_the_time()
    {
        Look(version: 0, isWaiting: false);
        for (int look = 1; look <= 40; look++)
            Look(version: 10 * look, isWaiting: false, after: 20);

        Assert.InRange(_watch.StepTime.TotalMilliseconds, 1.9, 2.1);
    }

    [Fact]
    public void The_wait_begins_with_the_first_sum_not_with_the_step()
    {
        MakeSteps(milliseconds: 1);
        Assert.False(Look(version: 20, isWaiting: false, after: 500));
        Assert.False(Look(version: 20));
        Assert.True(Look(version: 20, after: 20));
    }

    [Fact]
    public void A_step_that_was_helped_does_not_count_as_usual_or_patience_would_grow_with_every_one()
    {
        MakeSteps(milliseconds: 100);
        TimeSpan usual = _watch.StepTime;
        Look(version: 20);
        Assert.True(Look(version: 20, after: 400));
        Look(version: 21, isWaiting: false, after: 500);

        Assert.Equal(usual, _watch.StepTime);
    }

    [Fact]
    public void A_pause_of_the_machine_does_not_have_the_next_slow_worker_waited_for_as_long()
    {
        MakeSteps(milliseconds: 10);
        Look(version: 21, isWaiting: false, after: 4000);

        Assert.InRange(_watch.StepTime.TotalMilliseconds, 10, 20);
    }

    [Fact]
    public void Steps_that_have_become_slower_are_soon_the_usual_ones()
    {
        MakeSteps(milliseconds: 10);
        for (int version = 21; version <= 40; version++)
            Look(version, isWaiting: false, after: 400);

        Assert.InRange(_watch.StepTime.TotalMilliseconds, 350, 400);
    }

    [Fact]
    public void After_a_new_lease_the_wait_begins_anew()
    {
        MakeSteps(milliseconds: 100);
        Look(version: 20);
        Look(version: 20, after: 390);
        _watch.BeginAnew();

        Assert.False(Look(version: 20, after: 10));
        Assert.True(Look(version: 20, after: 400));
    }

    [Fact]
    public void Before_a_step_was_timed_patience_allows_for_a_slow_first_one()
    {
        Look(version: 0);
        Assert.False(Look(version: 0, after: 200));
        Assert.True(Look(version: 0, after: 60));
    }

    // Each step is seen; version 20 is the last. So many that the guess the watch begins with is forgotten.
    private void MakeSteps(int milliseconds)
    {
        for (int version = -80; version <= 20; version++)
            Look(version, isWaiting: false, after: milliseconds);
    }

    // Of a wait that begins now; not a millisecond sooner.
    private void AssertHelpIsDueAfter(int milliseconds)
    {
        Assert.False(Look(version: 20));
        Assert.False(Look(version: 20, after: milliseconds - 1));
        Assert.True(Look(version: 20, after: 1));
    }

    private bool Look(long version, bool isWaiting = true, int after = 0)
    {
        _now += TimeSpan.FromMilliseconds(after);
        return _watch.IsHelpDue(version, isWaiting, _now);
    }
}
