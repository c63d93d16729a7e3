using DistNet.Actors.Transport;
using DistNet.Neural;

namespace DistNet.Actors.Tests.Nodes;

/// <summary>A node that cannot take part in a run says why, and the run goes on with the others.</summary>
public class UnfitNodeSpecs
{
    private readonly TrainingResult _plain = Runs.Plain(Runs.Job());

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(2, 3)]
    public async Task Several_nodes_give_the_bits_of_the_plain_trainer(int nodes, int shards)
    {
        await using TestCluster cluster = new(Runs.Job());
        for (int i = 0; i < nodes; i++)
            cluster.Add();
        Assert.Equal(_plain.Parameters, (await cluster.Train(nodes, nodes, shards)).Parameters);
    }

    [Fact]
    public async Task The_workers_of_one_node_add_their_sums_before_they_send_them()
    {
        await using TestCluster cluster = new(Runs.Job());
        cluster.Add(options => options with { Slots = 3 });
        cluster.Add(options => options with { Slots = 3 });
        Assert.Equal(_plain.Parameters, (await cluster.Train(6, 2, 2)).Parameters);
    }

    [Fact]
    public async Task A_node_whose_data_cannot_be_had_is_named_with_the_reason_and_the_run_goes_on_without_it()
    {
        await using TestCluster cluster = new(Runs.Job());
        TaskCompletionSource<string> refused = new(TaskCreationOptions.RunContinuationsAsynchronously);
        cluster.Add(
            options => options with { Data = new NodeShelf(null) },
            line => TellIfUnfit(line, refused));
        Task<TrainingResult> run = cluster.Train(1, 1, 2);

        string reason = $"this node does not have the training images, and node {cluster.Coordinator.TensorAddress} cannot send them: "
            + "its examples are not images, and only images can be sent";
        Assert.Equal($"This node takes no part in run run: {reason}", await refused.Task.WaitAsync(Runs.Patience));
        cluster.Add();
        Assert.Equal(_plain.Parameters, (await run).Parameters);
        Assert.Contains(cluster.Log, line => line.Contains($"takes no part in the run: {reason}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_node_whose_worker_ends_for_good_is_named_with_the_reason_and_the_run_goes_on_without_it()
    {
        await using TestCluster cluster = new(Runs.Job());
        TaskCompletionSource<string> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        EventfulExamples examples = new(new Doodles(100)) { Before = { [1] = () => throw new InsufficientMemoryException("there is no memory") } };
        cluster.Add(options => options with { Data = new NodeShelf(examples) }, line => TellIfUnfit(line, ended));
        Task<TrainingResult> run = cluster.Train(1, 1, 2);

        string reason = "its worker-0 has ended for good: there is no memory";
        Assert.Equal($"This node takes no part in run run: {reason}", await ended.Task.WaitAsync(Runs.Patience));
        cluster.Add();
        Assert.Equal(_plain.Parameters, (await run).Parameters);
        Assert.Contains(cluster.Log, line => line.Contains($"takes no part in the run: {reason}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_node_with_another_secret_is_refused_with_the_reason_and_the_run_goes_on_without_it()
    {
        await using TestCluster cluster = new(Runs.Job());
        ClusterNode stranger = cluster.Add(options => options with { Secret = new byte[32] });
        Task<TrainingResult> run = cluster.Train(1, 1, 2);

        HandshakeRefusedException refusal = await Assert.ThrowsAsync<HandshakeRefusedException>(() => stranger.Admission.WaitAsync(Runs.Patience));
        Assert.Equal(HandshakeRefusalKind.Secret, refusal.Kind);
        cluster.Add();
        Assert.Equal(_plain.Parameters, (await run).Parameters);
        Assert.DoesNotContain(cluster.Log, line => line.Contains("is taken for lost", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_node_that_does_not_understand_a_run_says_so_once_and_takes_part_in_the_next()
    {
        await using TestCluster cluster = new(Runs.Job());
        TaskCompletionSource<string> refused = new(TaskCreationOptions.RunContinuationsAsynchronously);
        ClusterNode node = cluster.Add(options => options, line => TellIfUnfit(line, refused));
        string nowhere = Addresses.Join("akka.tcp://distnet@127.0.0.1:1/user/coordinator", "127.0.0.1:1");
        node.System.ActorSelection($"/user/{ClusterNode.AgentName}").Tell(new StartRun(1, "strange", "{}", "", 1, 1, nowhere));

        Assert.StartsWith("This node takes no part in run strange: ", await refused.Task.WaitAsync(Runs.Patience), StringComparison.Ordinal);
        Assert.Equal(_plain.Parameters, (await cluster.Train(1, 1, 2)).Parameters);
    }

    private static void TellIfUnfit(string line, TaskCompletionSource<string> refused)
    {
        if (line.Contains("takes no part", StringComparison.Ordinal))
            refused.TrySetResult(line);
    }
}
