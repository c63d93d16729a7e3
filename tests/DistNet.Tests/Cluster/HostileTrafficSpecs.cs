using DistNet.Tests.Cluster.Hostile;

namespace DistNet.Tests.Cluster;

/// <summary>Whatever strangers send to the ports of a cluster's nodes, the run goes on to the bits of one that was left in peace, and no node grows.</summary>
[Collection(Processes.Name)]
public sealed class HostileTrafficSpecs
{
    private const int Seed = 1;

    // Some 30 MB were measured (`DistNet.Benchmarks hostile`), a thousand connections and what the collector lets pile up meanwhile. A frame that was
    // believed, or connections that were kept, would show in hundreds.
    private const double MostGrowthMegabytes = 50;
    private const double MostGrowthWithAssociatesMegabytes = 70;

    private double[] _peaksByStrangers = [];

    [Fact]
    public async Task Hostile_traffic_at_both_ports_of_every_node_changes_no_bit_and_takes_little_memory()
    {
        using var work = new Workspace(training: 8000);
        var (attacked, calm) = await WatchedRun.TrainBothAsync(work, AttackAsync);

        Assert.True(attacked.Outcome.Code == ExitCode.Interrupted, attacked.Outcome.Error);
        Assert.DoesNotContain("is started again", attacked.Outcome.Error, StringComparison.Ordinal);
        Assert.True(attacked.IsExact, attacked.Replay.Error);
        AssertGrowth(calm.PeakMegabytes, _peaksByStrangers, MostGrowthMegabytes);
        AssertGrowth(calm.PeakMegabytes, attacked.PeakMegabytes, MostGrowthWithAssociatesMegabytes);
    }

    private async Task AttackAsync(NodeUnderWatch[] nodes)
    {
        AkkaAttack[] akka = [.. nodes.Select(node => new AkkaAttack(node.Port, Seed))];
        await Task.WhenAll(akka.Select(attack => InTurnAsync(attack.OfStrangers))
            .Concat(nodes.Select(node => InTurnAsync(new TensorAttack(node.TensorPort, node.Secret, Seed).All))));
        _peaksByStrangers = [.. nodes.Select(node => node.PeakMegabytes)];
        await Task.WhenAll(akka.Select(attack => InTurnAsync(attack.OfAssociates)));
        await Task.WhenAll(akka.Select(attack => attack.AskAsync()));
    }

    private static void AssertGrowth(double[] calm, double[] attacked, double most) =>
        Assert.All(calm.Zip(attacked), node => Assert.InRange(node.Second - node.First, double.MinValue, most));

    private static async Task InTurnAsync(IEnumerable<(string Name, Func<Task> Attack)> attacks)
    {
        foreach (var (_, attack) in attacks) await attack();
    }
}
