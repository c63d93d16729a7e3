namespace DistNet.Neural.Tests;

/// <summary>Keras's EarlyStopping with its defaults, keras/src/callbacks/early_stopping.py.</summary>
public class EpochJudgeSpecs
{
    [Theory]
    [InlineData(2, new[] { 3.0, 2, 1 }, false)]
    [InlineData(2, new[] { 3.0, 2, 2 }, false)]
    [InlineData(2, new[] { 3.0, 2, 2, 2 }, true)] // an equal loss is no improvement
    [InlineData(2, new[] { 3.0, 2, 4, 3 }, true)] // falling again, but not below the best
    [InlineData(2, new[] { 3.0, 2, 4, 1 }, false)]
    [InlineData(2, new[] { 3.0, 2, 4, 1, 1 }, false)]
    [InlineData(1, new[] { 3.0 }, false)]
    [InlineData(1, new[] { 3.0, 3 }, true)]
    [InlineData(2, new[] { 3.0, double.NaN, double.NaN }, true)]
    [InlineData(null, new[] { 3.0, 4, 5, 6, 7, 8 }, false)]
    public void A_run_stops_when_the_loss_has_not_fallen_for_as_many_epochs_as_its_patience(int? patience, double[] losses, bool stops)
    {
        var history = losses.Select((loss, epoch) => new EpochReport(epoch + 1, new LossStatistics(loss * 4, 0, 4), null)).ToList();
        Assert.Equal(stops, EpochJudge.StopsEarly(Spec(patience), history));
    }

    [Fact]
    public void The_validation_loss_counts_where_there_is_one()
    {
        EpochReport Report(int epoch, double training, double validation) =>
            new(epoch, new LossStatistics(training, 0, 1), new LossStatistics(validation, 0, 1));
        Assert.True(EpochJudge.StopsEarly(Spec(1), [Report(1, 3, 3), Report(2, 2, 4)]));
        Assert.False(EpochJudge.StopsEarly(Spec(1), [Report(1, 3, 3), Report(2, 4, 2)]));
    }

    private static TrainingSpec Spec(int? patience) => new()
    {
        Network = NetworkSpec.WithInputs(1).Dense(1).Minimize(Loss.MeanSquaredError),
        Optimizer = new SgdOptimizer(),
        EarlyStoppingPatience = patience,
    };
}
