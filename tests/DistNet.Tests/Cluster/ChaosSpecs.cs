namespace DistNet.Tests.Cluster;

/// <summary>`train --chaos` harms its own processes, says how, and proves in the end that it did not matter.</summary>
[Collection(Processes.Name)]
public sealed class ChaosSpecs
{
    // Kills worker-0 after 1.3 s and slows its successor from 2.1 s on, for half a second; the next act comes after 6 s.
    private const string Seed = "397";

    [Fact]
    public async Task A_run_under_chaos_says_what_befalls_it_and_that_its_weights_equal_those_of_a_calm_run()
    {
        using var work = new Workspace(training: 400);
        using var run = ClusterRun.Start(work.Train(
            "--nodes", "2", "--chaos", Seed, "--hidden", "48", "--batch", "8", "--epochs", "300", "--checkpoint-every", "400"));
        await run.HasNodes(3);
        var outcome = await run.End();

        Assert.True(outcome.Code == 0, outcome.Error);
        Assert.Matches("chaos +[0-9.]+ s  step [0-9]+: kills worker-0\n", outcome.Error);
        var weights = outcome.Output.Split("weights SHA-256 ")[1][..64];
        Assert.Contains($"chaos {Seed}: the weights equal those of a calm run, {weights}\n", outcome.Error, StringComparison.Ordinal);
        await run.NobodyIsLeft();
    }
}
