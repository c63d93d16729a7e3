namespace DistNet.Tests.Cluster;

/// <summary>`train --chaos` harms its own processes, says how, and proves in the end that it did not matter.</summary>
[Collection(Processes.Name)]
public sealed class ChaosSpecs
{
    // All of it happens in the first two to three seconds, while steps are made or awaited; the next act of each seed comes seconds later.
    [Theory]
    [InlineData(397, "--nodes 2", "kills worker-0", "slows worker-0 for 0.5 s", "lets worker-0 go on")]
    [InlineData(
        14220, "--nodes 2 --parameter-servers 1",
        "pauses parameter-server-0 for 0.4 s", "lets parameter-server-0 go on", "kills coordinator")]
    public async Task A_run_under_chaos_says_what_befalls_it_and_that_its_weights_equal_those_of_a_calm_run(int seed, string engine, params string[] acts)
    {
        using var work = new Workspace(training: 400);
        using var run = ClusterRun.Start(work.Train(
            [.. engine.Split(' '), "--chaos", $"{seed}",
                "--hidden", "48", "--batch", "8", "--micro-batch", "2", "--epochs", "300", "--checkpoint-every", "400"]));
        await run.HasNodes(3);
        var outcome = await run.End();

        Assert.True(outcome.Code == 0, outcome.Error);
        Assert.All(acts, act => Assert.Matches($"chaos +[0-9.]+ s  step [0-9]+: {act}\n", outcome.Error));
        var weights = outcome.Output.Split("weights SHA-256 ")[1][..64];
        Assert.Contains($"chaos {seed}: the weights equal those of a calm run, {weights}\n", outcome.Error, StringComparison.Ordinal);
        await run.NobodyIsLeft();
    }
}
