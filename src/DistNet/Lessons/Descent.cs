using DistNet.Neural;

namespace DistNet;

/// <summary>Gradient descent over a whole small set by the plain trainer, and where it came by on its way.</summary>
internal sealed class Descent : ICheckpointStore
{
    private readonly List<DescentPoint> _points = [];
    private double _loss;

    private Descent()
    {
    }

    /// <summary>Trains a network without hidden layer, all examples in each step, and keeps the points
    /// after 1, 2, 5, 10, 20, ... steps and at the end.</summary>
    /// <param name="output">Activation of the one output.</param>
    /// <param name="loss">What is minimized.</param>
    /// <param name="examples">The set.</param>
    /// <param name="learningRate">Step size.</param>
    /// <param name="steps">Steps.</param>
    public static IReadOnlyList<DescentPoint> Of(Activation output, Loss loss, IExampleSet examples, float learningRate, int steps)
    {
        var spec = new TrainingSpec
        {
            Network = NetworkSpec.WithInputs(examples.InputSize).Dense(1, output).Minimize(loss),
            Optimizer = OptimizerSpec.Parse("sgd") with { LearningRate = learningRate },
            Epochs = steps, // a step takes all examples, so it is an epoch
            BatchSize = examples.Count,
            MicroBatchSize = examples.Count,
        };
        var descent = new Descent();
        var job = new TrainingJob { Spec = spec, Examples = examples, Checkpoints = descent, CheckpointEvery = 1 };
        var epochs = new TrainingCallbacks { Epoch = report => descent._loss = report.Training.MeanLoss };
        Trainer.Train(job, epochs, TimeProvider.System, CancellationToken.None);
        return descent._points;
    }

    /// <inheritdoc/>
    public string Save(Checkpoint checkpoint)
    {
        if (IsRound(checkpoint.Version)) _points.Add(new DescentPoint(checkpoint.Version, checkpoint.Parameters[..^1], checkpoint.Parameters[^1], _loss));
        return "";
    }

    /// <inheritdoc/>
    public Checkpoint? LoadLatest() => null;

    private static bool IsRound(long step)
    {
        while (step % 10 == 0) step /= 10;
        return step is 1 or 2 or 5;
    }
}

/// <summary>Where a descent is after some steps.</summary>
/// <param name="Step">Steps made.</param>
/// <param name="Weights">W, one for each input.</param>
/// <param name="Bias">b.</param>
/// <param name="Loss">E before the last of these steps.</param>
internal sealed record DescentPoint(long Step, float[] Weights, float Bias, double Loss);
