// A regression on a table: the line through the points of data/lessons/line.csv, and what it says for 55 and 60.
using DistNet.Neural;

var table = TableData.Load(args is [var file] ? file : "data/lessons/line.csv", new TableOptions("t") { TestShare = 0 });
var network = NetworkSpec.WithInputs(table.Schema.InputSize).Dense(1).Minimize(Loss.MeanSquaredError);
var spec = new TrainingSpec { Network = network, Optimizer = OptimizerSpec.Parse("sgd:learningRate=0.1"), Epochs = 200, BatchSize = 4, MicroBatchSize = 4 };
var result = Trainer.Train(new TrainingJob { Spec = spec, Examples = table.Training }, new TrainingCallbacks(), TimeProvider.System, CancellationToken.None);
Console.WriteLine(RegressionMetrics.Of(network, result.Parameters, table.Training, table.Schema));

var asked = CsvTable.Read("asked", new StringReader("x\n55\n60\n"));
var inputs = table.Schema.EncodeInputs(asked, asked.Rows);
var pass = new ForwardPass<float>(network, microBatchSize: 2, maxExamples: 2);
inputs.CopyTo(pass.Inputs(2));
pass.Forward(result.Parameters, 2);
for (var row = 0; row < 2; row++)
    Console.WriteLine($"{asked.Rows[row].Texts[0]}: {table.Schema.Describe(network, pass.Outputs(2).Slice(row, 1))}");
