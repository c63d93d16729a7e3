using DistNet.Neural;

namespace DistNet;

/// <summary>Writes one line per epoch; what a log or a pipe gets instead of a live display.</summary>
internal sealed class EpochLines(TextWriter writer, TrainingSpeed speed, bool hasClasses = true) : ITrainingObserver
{
    /// <inheritdoc/>
    public void OnProgress(TrainingProgress progress) => speed.Observe(progress);

    /// <inheritdoc/>
    public void OnEpoch(EpochReport report) => writer.WriteLine(Describe(report, speed, hasClasses));

    /// <inheritdoc/>
    public void OnCheckpoint(long version, string path)
    {
        // A line per checkpoint would bury the epochs; the last one is named when the run stops.
    }

    /// <summary>epoch 3/5  loss 0.0421  accuracy 98.72 %  validation 0.0712, 97.90 %  95,300 examples/s.</summary>
    public static string Describe(EpochReport report, TrainingSpeed speed, bool hasClasses)
    {
        var validation = report.Validation is { } v ? $"  validation {Figures.Loss(v.MeanLoss)}{(hasClasses ? $", {Figures.Percent(v.Accuracy)}" : "")}" : "";
        var accuracy = hasClasses ? $"  accuracy {Figures.Percent(report.Training.Accuracy)}" : "";
        return $"epoch {report.Epoch}/{speed.Plan.Epochs}  loss {Figures.Loss(report.Training.MeanLoss)}{accuracy}"
            + $"{validation}  {Figures.Whole(speed.ExamplesPerSecond)} examples/s";
    }
}
