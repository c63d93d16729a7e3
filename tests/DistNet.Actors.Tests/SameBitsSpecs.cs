using DistNet.Neural;

namespace DistNet.Actors.Tests;

public class SameBitsSpecs
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 1)]
    [InlineData(5, 3)]
    [InlineData(8, 7)]
    [InlineData(11, 2)]
    [InlineData(2, 40)]
    public async Task Any_number_of_workers_and_shards_ends_with_the_plain_trainers_bits(int workers, int shards)
    {
        TrainingResult plain = Runs.Plain(Runs.Job());
        TrainingResult result = await Runs.Through(workers, shards, Runs.Job());

        Assert.Equal(plain.Parameters, result.Parameters);
        Assert.Equal(plain.History, result.History);
        Assert.Equal((plain.Version, plain.Examples, plain.End), (result.Version, result.Examples, result.End));
    }

    [Theory]
    [InlineData("sgd")]
    [InlineData("adam")]
    [InlineData("adamw")]
    [InlineData("nesterov")]
    [InlineData("adagrad")]
    public async Task Any_optimizer_does(string optimizer)
    {
        TrainingJob job = Runs.Job(Runs.Spec with { Optimizer = OptimizerSpec.Parse(optimizer), WeightDecay = 0.01f, ValidationFraction = 0.2 });

        Assert.Equal(Runs.Plain(job).Parameters, (await Runs.Through(3, 2, job)).Parameters);
    }

    [Fact]
    public async Task Validation_and_early_stopping_do_too()
    {
        TrainingJob job = Runs.Job(Runs.Spec with { Epochs = 40, ValidationFraction = 0.2, EarlyStoppingPatience = 1, Optimizer = OptimizerSpec.Parse("rmsprop") with { LearningRate = 0.05f } });
        TrainingResult plain = Runs.Plain(job);
        TrainingResult result = await Runs.Through(2, 2, job);

        Assert.Equal(TrainingEnd.StoppedEarly, plain.End);
        Assert.Equal((plain.Version, plain.End), (result.Version, result.End));
        Assert.Equal(plain.History, result.History);
        Assert.Equal(plain.Parameters, result.Parameters);
    }
}
