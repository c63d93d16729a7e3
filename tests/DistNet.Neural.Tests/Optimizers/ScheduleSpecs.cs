namespace DistNet.Neural.Tests;

public class ScheduleSpecs
{
    [Theory]
    [InlineData("constant", 700, 0.1)]
    [InlineData("step:drop=0.5,every=10", 9, 0.1)]
    [InlineData("step:drop=0.5,every=10", 10, 0.05)]
    [InlineData("step:drop=0.5,every=10", 39, 0.0125)]
    [InlineData("exponential:rate=0.5,every=10", 0, 0.1)]
    [InlineData("exponential:rate=0.5,every=10", 5, 0.070710678118654752)] // 0.1 / sqrt 2
    [InlineData("exponential:rate=0.5,every=10", 20, 0.025)]
    [InlineData("cosine", 0, 0.1)]
    [InlineData("cosine", 500, 0.05)]
    [InlineData("cosine", 250, 0.085355339059327376)] // (1 + cos(pi / 4)) / 20
    [InlineData("cosine", 1000, 0)]
    [InlineData("cosine:floor=0.2", 1000, 0.02)]
    [InlineData("cosine:floor=0.2", 500, 0.06)]
    public void The_rate_follows_the_formula(string text, long step, double expected) =>
        Assert.Equal(expected, ScheduleSpec.Parse(text).LearningRateAt(0.1, step, 1000), 1e-15);

    [Theory]
    [InlineData(0, 0.025)]
    [InlineData(2, 0.075)]
    [InlineData(3, 0.1)]
    [InlineData(4, 0.1)]
    [InlineData(7, 0.05)]
    [InlineData(10, 0)]
    public void Warm_up_rises_in_equal_steps_and_the_schedule_begins_after_it(long step, double expected) =>
        Assert.Equal(expected, ScheduleSpec.Parse("cosine:warmup=4").LearningRateAt(0.1, step, 10), 1e-15);

    [Fact]
    public void A_run_shorter_than_its_warm_up_still_has_rates()
    {
        var schedule = ScheduleSpec.Parse("cosine:warmup=100");
        Assert.Equal(0.005, schedule.LearningRateAt(0.1, 4, 5), 1e-15);
        Assert.Equal(0.1, schedule.LearningRateAt(0.1, 100, 5), 1e-15);
    }

    [Theory]
    [InlineData("constant")]
    [InlineData("constant:warmup=7")]
    [InlineData("step:drop=0.1,every=77,warmup=3")]
    [InlineData("exponential:rate=0.9")]
    [InlineData("cosine:floor=0.25")]
    public void Text_written_is_read_again(string text)
    {
        var schedule = ScheduleSpec.Parse(text);
        Assert.Equal(schedule, ScheduleSpec.Parse(schedule.ToString()));
    }

    [Theory]
    [InlineData("cosin", "The schedule 'cosin' is unknown: choose constant, step, exponential or cosine.")]
    [InlineData("step:every=0", "schedule.every must be a number of steps of at least 1, but is 0.")]
    [InlineData("step:every=1.5", "every of the schedule step must be a whole number, but is '1.5'")]
    [InlineData("step:drop=0", "schedule.drop must be greater than 0 and at most 1, but is 0.")]
    [InlineData("exponential:rate=2", "schedule.rate must be greater than 0 and at most 1, but is 2.")]
    [InlineData("cosine:floor=-0.1", "schedule.floor must be a share of the learning rate from 0 to 1, but is -0.1.")]
    [InlineData("cosine:warmup=-1", "schedule.warmup must be a number of steps of at least 0, but is -1.")]
    [InlineData("cosine:alpha=1", "has no option 'alpha': it takes floor or warmup.")]
    public void What_is_impossible_is_refused_in_one_sentence(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<ArgumentException>(() => ScheduleSpec.Parse(text)).Message, StringComparison.Ordinal);
}
