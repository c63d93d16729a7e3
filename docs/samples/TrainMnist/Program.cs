// MNIST in ten lines: a coordinator, workers and a parameter server in this process train the network of every first lesson.
using DistNet.Actors;
using DistNet.Neural;

var data = ImageFolder.Load(args is [var folder] ? folder : "data/mnist");
var network = NetworkSpec.WithInputs(784).Dense(512, Activation.Relu).Dense(10, Activation.Softmax).Minimize(Loss.CategoricalCrossentropy);
var spec = new TrainingSpec { Network = network, Optimizer = OptimizerSpec.Parse("rmsprop"), Epochs = 2 };
var progress = new TrainingCallbacks { Epoch = report => Console.WriteLine($"epoch {report.Epoch}: loss {report.Training.MeanLoss:0.0000}") };
await using var trainer = new ActorTrainer(new ActorTrainerOptions());
var result = await trainer.TrainAsync(new TrainingJob { Spec = spec, Examples = data.Training }, progress, TimeProvider.System, CancellationToken.None);
var test = Evaluation.Evaluate(network, result.Parameters, data.Test);
Console.WriteLine($"test accuracy {test.Accuracy:0.0000}, weights {WeightsHash.Of(result.Parameters)}");
