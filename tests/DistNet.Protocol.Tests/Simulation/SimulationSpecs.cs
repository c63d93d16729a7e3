using DistNet.Neural;

namespace DistNet.Protocol.Tests.Simulation;

public class SimulationSpecs
{
    private const int Seeds = 500;
    private const int SpreadSeeds = 3_000;

    // DISTNET_SIMULATION_SEEDS=10000..30000 runs those instead, DISTNET_SIMULATION_SEEDS=4711..4711 replays a single one.
    private const string SeedsVariable = "DISTNET_SIMULATION_SEEDS";

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
    public void Crashes_of_nodes_and_coordinators_and_a_lossy_network_change_no_bit_stop_no_run_and_leave_a_ledger_that_proves_it()
    {
        string[] failures = [.. Failures(Fault.None, isSpread: true, SpreadSeeds)];

        Assert.True(failures.Length == 0, $"{failures.Length} of {SpreadSeeds} seeds fail: {string.Join("; ", failures.Take(12))}");
    }

    [Theory]
    [InlineData(Fault.AddsInOrderOfArrival)]
    [InlineData(Fault.AddsDuplicates)]
    [InlineData(Fault.IgnoresGenerations)]
    [InlineData(Fault.IgnoresRestores)]
    [InlineData(Fault.IgnoresIncarnations)]
    [InlineData(Fault.ForgetsGenerations)]
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
            Assert.True(clusters.Count(cluster => cluster.End == end) > Seeds / 50, $"few runs end as {end}");
        int helped = clusters.Count(cluster => cluster.Helped > 0);
        Assert.True(helped > Seeds / 10, $"slow workers are helped in {helped} runs only");
    }

    [Fact]
    public void The_simulated_nodes_meet_what_they_are_for()
    {
        const int Some = 300;
        var clusters = Enumerable.Range(0, Some)
            .Select(seed => new SimulatedCluster(seed, new SimulatedSpec(seed), Fault.None, null, isSpread: true)).ToList();
        clusters.ForEach(cluster => cluster.Run());
        int crashed = clusters.Count(cluster => cluster.Incarnations > 1), helped = clusters.Count(cluster => cluster.Helped > 0);
        int rolledBack = clusters.Count(cluster => cluster.Journal.OfType<ShardsRestored>().Count() > 1);
        int lost = clusters.Count(cluster => cluster.Network.Lost > 0);

        string met = $"runs with a new coordinator: {crashed}, with help: {helped}, with a roll-back: {rolledBack}, with a lost message: {lost}";
        Assert.True(((int[])[crashed, helped, rolledBack, lost]).Min() > Some / 10, met);
    }

    private static IEnumerable<string> Failures(Fault fault, bool isSpread = false, int seeds = Seeds) =>
        from seed in Chosen() ?? Enumerable.Range(0, seeds)
        let failure = FailureOf(seed, fault, isSpread)
        where failure is not null
        select $"seed {seed}: {failure}.";

    private static IEnumerable<int>? Chosen()
    {
        if (Environment.GetEnvironmentVariable(SeedsVariable) is not { Length: > 0 } range)
            return null;
        int[] ends = [.. range.Split("..").Select(end => int.Parse(end, null))];
        return Enumerable.Range(ends[0], ends[^1] - ends[0] + 1);
    }

    // A run that was stopped is resumed, by other numbers of workers and shards, until it is over.
    private static string? FailureOf(int seed, Fault fault, bool isSpread)
    {
        SimulatedSpec spec = new(seed);
        SimulatedSession? before = null;
        for (int session = 0; session < 20; session++)
        {
            SimulatedCluster cluster = new(seed + 1_000_000 * session, spec, fault, before, isSpread);
            if (cluster.Run() is { } failure)
                return $"{failure} (session {session}, event {cluster.Network.Events})";
            if (cluster.End != TrainingEnd.Interrupted)
                return null;
            before = new SimulatedSession(cluster.Coordinator!.Newest, cluster.Journal);
        }
        return "it was stopped twenty times";
    }
}
