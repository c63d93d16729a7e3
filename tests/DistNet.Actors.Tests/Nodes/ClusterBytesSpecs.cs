using DistNet.Neural;

namespace DistNet.Actors.Tests.Nodes;

/// <summary>How many bytes a step costs a node.</summary>
public class ClusterBytesSpecs
{
    private const int Steps = 100;

    // Plain descent, so that the snapshot at the end is not larger than a step's tensors.
    private static readonly TrainingJob Job = Runs.Job(
        Runs.Spec with
        {
            Network = NetworkSpec.WithInputs(20).Dense(512, Activation.Relu).Dense(128, Activation.Relu).Dense(3, Activation.Softmax)
                .Minimize(Loss.CategoricalCrossentropy),
            Optimizer = OptimizerSpec.Parse("sgd"),
            Epochs = 1,
        },
        new Doodles(32 * Steps));

    private static readonly long VectorBytes = ParameterLayout.For(Job.Spec.Network).Count * sizeof(float);

    [Fact]
    public async Task A_worker_sends_and_receives_the_parameter_vector_once_a_step_and_next_to_nothing_else()
    {
        await using TestCluster cluster = new(Job);
        ClusterNode worker = cluster.Add(options => options with { SharesMemory = false, Roles = [NodeRole.Worker] });
        cluster.Add(options => options with { SharesMemory = false, Roles = [NodeRole.Worker] });
        cluster.Add(options => options with { SharesMemory = false, Roles = [NodeRole.ParameterServer] });
        await cluster.Train(workers: 2, parameterServers: 1, shards: 1);

        AssertBytes(worker, 2 * VectorBytes * Steps);
    }

    [Fact]
    public async Task Nodes_that_keep_an_equal_share_of_the_parameters_save_that_share()
    {
        await using TestCluster cluster = new(Job);
        ClusterNode node = cluster.Add(options => options with { SharesMemory = false });
        cluster.Add(options => options with { SharesMemory = false });
        await cluster.Train(workers: 2, parameterServers: 2, shards: 2);

        AssertBytes(node, 2 * VectorBytes * Steps); // half the vector up and down as a worker, and the same as a parameter server
    }

    [Fact]
    public async Task Four_workers_of_one_node_send_no_more_than_one_does_since_their_sums_are_added_before_they_cross_the_wire()
    {
        await using TestCluster cluster = new(Job);
        ClusterNode worker = cluster.Add(options => options with { SharesMemory = false, Roles = [NodeRole.Worker], Slots = 4 });
        cluster.Add(options => options with { SharesMemory = false, Roles = [NodeRole.ParameterServer] });
        await cluster.Train(workers: 4, parameterServers: 1, shards: 1);

        Assert.InRange(worker.Traffic.BytesSent, VectorBytes * Steps, (long)(1.02 * VectorBytes * Steps));
    }

    // Of 8 micro-batches they hold 0 to 1, 2 to 4 and 5 to 7: one node of the tree, then two, then two.
    [Fact]
    public async Task Workers_whose_share_is_no_single_node_of_the_tree_send_the_sum_of_each_node_that_it_is_made_of()
    {
        await using TestCluster cluster = new(Job);
        ClusterNode[] workers =
            [.. Enumerable.Range(0, 3).Select(_ => cluster.Add(options => options with { SharesMemory = false, Roles = [NodeRole.Worker] }))];
        cluster.Add(options => options with { SharesMemory = false, Roles = [NodeRole.ParameterServer] });
        await cluster.Train(workers: 3, parameterServers: 1, shards: 1);

        long expected = (1 + 2 + 2) * VectorBytes * Steps;
        Assert.InRange(workers.Sum(worker => worker.Traffic.BytesSent), expected, (long)(1.02 * expected));
    }

    [LinuxFact]
    public async Task Between_processes_that_share_memory_the_tensors_stay_off_the_wire_and_no_bit_differs()
    {
        await using TestCluster cluster = new(Job);
        ClusterNode node = cluster.Add();
        cluster.Add();
        TrainingResult result = await cluster.Train(workers: 2, parameterServers: 2, shards: 2);

        Assert.Equal(Runs.Plain(Job).Parameters, result.Parameters);
        Assert.InRange(node.Traffic.BytesSent + node.Traffic.BytesReceived, 1, 2 * VectorBytes * Steps / 10);
    }

    private static void AssertBytes(ClusterNode node, long expected) =>
        Assert.InRange(node.Traffic.BytesSent + node.Traffic.BytesReceived, expected, (long)(1.02 * expected));
}
