using DistNet.Neural;

namespace DistNet.Actors.Tests.Nodes;

/// <summary>Nodes without images get those of the run from the coordinator's node.</summary>
public class DataByHashSpecs
{
    private static readonly ImageSet Images = Pictures.Of(1_400, side: 64); // six pieces, of which four are under way

    private static readonly TrainingSpec Spec = new()
    {
        Network = NetworkSpec.WithInputs(Images.InputSize).Dense(9, Activation.Relu).Dense(10, Activation.Softmax).Minimize(Loss.CategoricalCrossentropy),
        Optimizer = OptimizerSpec.Parse("rmsprop"),
        Epochs = 2,
        BatchSize = 128,
        ValidationFraction = 0.1,
    };

    private static readonly TrainingJob Job = Runs.Job(Spec, Images);

    private readonly TrainingResult _plain = Runs.Plain(Job);

    [Fact]
    public async Task Workers_without_data_train_to_the_bits_of_the_plain_trainer()
    {
        await using TestCluster cluster = new(Job);
        NodeShelf[] shelves = [new(null), new(null)];
        foreach (NodeShelf shelf in shelves)
            cluster.Add(options => options with { Data = shelf });
        TrainingResult result = await cluster.Train(2, 2, 2);

        Assert.Equal(_plain.Parameters, result.Parameters);
        Assert.Equal(_plain.History, result.History);
        Assert.All(shelves, shelf => Assert.Equal(Images.ContentHash, shelf.Kept?.ContentHash));
    }

    [Fact]
    public async Task A_worker_that_joins_late_fetches_while_the_others_train()
    {
        TaskCompletionSource steps = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource joined = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TrainingJob job = Runs.Job(Spec with { Epochs = 60 }, Images) with { CheckpointEvery = 10, Checkpoints = new MemoryStore() };
        Recorder recorder = new()
        {
            // A run that is faster than its late worker waits for it in the end, so that it does train.
            ThenCheckpoint = version =>
            {
                steps.TrySetResult();
                if (version > 400)
                    joined.Task.Wait(Runs.Patience);
            },
        };
        await using TestCluster cluster = new(job, recorder);
        cluster.Add();
        Task<TrainingResult> run = cluster.Train(1, 1, 2);
        await steps.Task.WaitAsync(Runs.Patience);
        cluster.Add(
            options => options with { Data = new NodeShelf(null), Roles = [NodeRole.Worker] },
            line =>
            {
                if (line.StartsWith("Fetched", StringComparison.Ordinal))
                    joined.TrySetResult();
            });
        await joined.Task.WaitAsync(Runs.Patience);

        Assert.Equal(Runs.Plain(job with { Checkpoints = null }).Parameters, (await run).Parameters);
    }

    [Fact]
    public async Task A_node_that_only_keeps_parameters_needs_no_data()
    {
        await using TestCluster cluster = new(Job);
        NodeShelf shelf = new(null);
        cluster.Add(options => options with { Data = shelf, Roles = [NodeRole.ParameterServer] });
        cluster.Add(options => options with { Roles = [NodeRole.Worker] });

        Assert.Equal(_plain.Parameters, (await cluster.Train(1, 1, 1)).Parameters);
        Assert.Null(shelf.Kept);
    }
}
