using DistNet.Neural;

namespace DistNet.Protocol.Tests.Simulation;

public class SimulationSpecs
{
    private const int Seeds = 500;
    private const int SpreadSeeds = 2_000;

    [Fact]
    public void Whatever_befalls_a_cluster_its_runs_end_with_the_calm_runs_bits_and_history()
    {
        string[] failures = [.. Failures(Fault.None)];

        Assert.True(failures.Length == 0, $"{failures.Length} of {Seeds} seeds fail, the first so: {failures.FirstOrDefault()}");
    }

    [Theory]
    [InlineData(Fault.AddsInOrderOfArrival)]
    [InlineData(Fault.AddsDuplicates)]
    internal void A_cluster_that_breaks_a_rule_is_caught(Fault fault) => Assert.NotEmpty(Failures(fault).Take(1));

    [Fact]
    public void A_network_that_loses_and_repeats_messages_changes_no_bit_and_stops_no_run()
    {
        string[] failures = [.. Failures(Fault.None, isSpread: true, SpreadSeeds)];

        Assert.True(failures.Length == 0, $"{failures.Length} of {SpreadSeeds} seeds fail: {string.Join("; ", failures.Take(12))}");
    }

    [Theory]
    [InlineData(Fault.AddsInOrderOfArrival)]
    [InlineData(Fault.AddsDuplicates)]
    [InlineData(Fault.IgnoresGenerations)]
    [InlineData(Fault.IgnoresRestores)]
    internal void A_cluster_of_nodes_that_breaks_a_rule_is_caught(Fault fault) =>
        Assert.NotEmpty(Failures(fault, isSpread: true, SpreadSeeds).Take(1));

    [Fact]
    public void A_seed_is_replayed_to_the_event()
    {
        SimulatedCluster once = new(17, new SimulatedSpec(17), Fault.None, null), again = new(17, new SimulatedSpec(17), Fault.None, null);
        once.Run();
        again.Run();

        Assert.Equal((once.Network.Events, once.Network.Now), (again.Network.Events, again.Network.Now));
    }

    [Fact]
    public void The_simulation_meets_what_it_is_for()
    {
        var clusters = Enumerable.Range(0, Seeds).Select(seed => new SimulatedCluster(seed, new SimulatedSpec(seed), Fault.None, null)).ToList();
        clusters.ForEach(cluster => cluster.Run());

        foreach (TrainingEnd end in Enum.GetValues<TrainingEnd>())
            Assert.True(clusters.Count(cluster => cluster.Coordinator.End == end) > Seeds / 50, $"few runs end as {end}");
    }

    private static IEnumerable<string> Failures(Fault fault, bool isSpread = false, int seeds = Seeds) =>
        from seed in Enumerable.Range(0, seeds)
        let failure = FailureOf(seed, fault, isSpread)
        where failure is not null
        select $"seed {seed}: {failure}.";

    // A run that was stopped is resumed, by other numbers of workers and shards, until it is over.
    private static string? FailureOf(int seed, Fault fault, bool isSpread)
    {
        SimulatedSpec spec = new(seed);
        Checkpoint? from = null;
        for (int session = 0; session < 20; session++)
        {
            SimulatedCluster cluster = new(seed + 1_000_000 * session, spec, fault, from, isSpread);
            if (cluster.Run() is { } failure)
                return $"{failure} (session {session}, event {cluster.Network.Events})";
            if (cluster.Coordinator.End != TrainingEnd.Interrupted)
                return null;
            from = cluster.Coordinator.Newest;
        }
        return "it was stopped twenty times";
    }
}
