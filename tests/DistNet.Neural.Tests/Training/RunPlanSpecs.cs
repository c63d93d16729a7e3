using FsCheck;
using FsCheck.Xunit;

namespace DistNet.Neural.Tests;

public class RunPlanSpecs
{
    [Property]
    public bool An_epochs_mini_batches_cover_its_examples_once(PositiveInt examples, PositiveInt batchSize, PositiveInt microBatchSize)
    {
        var plan = Plan(examples.Get, batchSize.Get, microBatchSize.Get);
        var next = 0;
        for (var version = 0; version < plan.StepsPerEpoch; version++)
        {
            var batch = plan.Batch(version);
            if (batch.First != next || batch.Count < 1 || plan.MicroBatchCount(version) != (batch.Count + microBatchSize.Get - 1) / microBatchSize.Get)
                return false;
            next += batch.Count;
        }

        return next == examples.Get;
    }

    [Property]
    public bool Examples_counted_are_the_sum_of_the_mini_batches(PositiveInt examples, PositiveInt batchSize, byte steps)
    {
        var plan = Plan(examples.Get, batchSize.Get, 16);
        return plan.ExamplesUntil(steps) == Enumerable.Range(0, steps).Sum(version => (long)plan.Batch(version).Count);
    }

    /// <summary>MNIST in mini-batches of 128: 468 full ones and one of 96.</summary>
    [Fact]
    public void The_lectures_run_has_469_steps_in_each_of_5_epochs()
    {
        var plan = Plan(60_000, 128, 16);
        Assert.Equal((469, 2345), (plan.StepsPerEpoch, (int)plan.TotalSteps));
        Assert.Equal(new MiniBatch(59_904, 96), plan.Batch(468));
        Assert.Equal((8, 6), (plan.MicroBatchCount(467), plan.MicroBatchCount(468)));
        Assert.Equal((1, 2), (plan.EpochOf(468), plan.EpochOf(469)));
        Assert.Equal((false, false, true), (plan.IsEpochEnd(0), plan.IsEpochEnd(468), plan.IsEpochEnd(469)));
    }

    [Fact]
    public void Checkpoints_are_due_at_epoch_ends_or_every_so_many_steps()
    {
        var plan = Plan(30, 10, 5);
        Assert.Equal([3, 6], Enumerable.Range(0, 8).Where(version => plan.IsCheckpointDue(version, 0)));
        Assert.Equal([2, 4, 6], Enumerable.Range(0, 8).Where(version => plan.IsCheckpointDue(version, 2)));
    }

    [Theory]
    [InlineData(60_000, 0.1, 54_000, 6_000)]
    [InlineData(10, 0.25, 7, 3)] // half away from zero
    [InlineData(10, 0, 10, 0)]
    public void The_validation_share_is_rounded_to_whole_examples(int count, double fraction, int training, int validation) =>
        Assert.Equal(new ValidationSplit(training, validation), ValidationSplit.Of(count, fraction));

    [Property]
    public bool An_order_is_a_permutation(NonNegativeInt count, int seed) =>
        ExampleOrder.ForEpoch(count.Get, seed, 1).Order().SequenceEqual(Enumerable.Range(0, count.Get));

    [Fact]
    public void Orders_differ_between_epochs_and_seeds_and_are_the_same_for_the_same()
    {
        var order = ExampleOrder.ForEpoch(1000, 1, 1);
        Assert.Equal(order, ExampleOrder.ForEpoch(1000, 1, 1));
        Assert.True(Agreements(order, ExampleOrder.ForEpoch(1000, 1, 2)) < 10);
        Assert.True(Agreements(order, ExampleOrder.ForEpoch(1000, 2, 1)) < 10);
    }

    /// <summary>Each of 6 orders of 3 examples, 1/6 of the seeds.</summary>
    [Fact]
    public void Orders_are_equally_likely()
    {
        var counts = Enumerable.Range(0, 6000).Select(seed => ExampleOrder.ForEpoch(3, seed, 1)).GroupBy(order => (order[0], order[1])).ToDictionary(group => group.Key, group => group.Count());
        Assert.Equal(6, counts.Count);
        Assert.All(counts.Values, count => Assert.InRange(count, 850, 1150)); // five standard deviations
    }

    private static int Agreements(int[] one, int[] other) => one.Zip(other).Count(pair => pair.First == pair.Second);

    private static RunPlan Plan(int examples, int batchSize, int microBatchSize)
    {
        var spec = new TrainingSpec
        {
            Network = NetworkSpec.WithInputs(1).Dense(1).Minimize(Loss.MeanSquaredError),
            Optimizer = new SgdOptimizer(),
            BatchSize = batchSize,
            MicroBatchSize = microBatchSize,
        };
        return new RunPlan(spec, examples);
    }
}
