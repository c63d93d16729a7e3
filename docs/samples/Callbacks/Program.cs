// Callbacks: what to do after steps, epochs and checkpoints, and how to stop a run from one and go on with it later.
using DistNet.Neural;

var images = ImageFolder.LoadTraining(args is [var folder] ? folder : "data/mnist");
var network = NetworkSpec.WithInputs(images.InputSize).Dense(64, Activation.Relu).Dense(images.TargetSize, Activation.Softmax).Minimize(Loss.CategoricalCrossentropy);
var spec = new TrainingSpec
{
    Network = network,
    Optimizer = OptimizerSpec.Parse("adam"),
    Epochs = 30,
    ValidationFraction = 0.1, // the last tenth of the images
    EarlyStoppingPatience = 2, // ends when the validation loss has not fallen for two epochs
};
var checkpoints = new CheckpointFolder(Directory.CreateTempSubdirectory("callbacks-").FullName);
var job = new TrainingJob { Spec = spec, Examples = images, Checkpoints = checkpoints };

// First session: a callback stops it once the training accuracy of an epoch so far is good enough.
using var stop = new CancellationTokenSource();
var first = Trainer.Train(job, new TrainingCallbacks { Step = StopWhenGood, Epoch = Report, Checkpoint = Tell }, TimeProvider.System, stop.Token);
Console.WriteLine($"{first.End} after step {first.Version}");

// Second session: goes on from the checkpoint, in the middle of the epoch, to the early stop; as if there had been no pause.
var second = Trainer.Train(job with { ResumeFrom = checkpoints.LoadLatest() }, new TrainingCallbacks { Epoch = Report }, TimeProvider.System, CancellationToken.None);
Console.WriteLine($"{second.End} after epoch {second.History.Count}, weights {WeightsHash.Of(second.Parameters)}");

void StopWhenGood(TrainingProgress progress)
{
    if (progress.EpochStatistics is { Examples: > 2_000, Accuracy: > 0.9 }) stop.Cancel();
}

void Report(EpochReport report) => Console.WriteLine($"epoch {report.Epoch}: validation loss {report.Validation?.MeanLoss:0.0000}");

void Tell(long version, string path) => Console.WriteLine($"checkpoint of step {version}: {Path.GetFileName(path)}");
