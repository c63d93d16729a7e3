using DistNet.Actors;
using DistNet.Neural;
using DistNet.Protocol;

namespace DistNet.Tests.Cluster;

/// <summary>A worker process that stands still holds up nobody: the others compute its share, step after step, until it goes on or is given up.</summary>
[Collection(Processes.Name)]
public sealed class StragglerSpecs : IDisposable
{
    private readonly Workspace _work = new(training: 400);

    public void Dispose() => _work.Dispose();

    [Fact]
    public async Task Steps_go_on_without_a_process_that_is_stopped_and_the_ledger_says_who_helped()
    {
        // Seven steps an epoch: six of four micro-batches and one of a single one.
        string[] options = ["--hidden", "48", "--batch", "64", "--micro-batch", "16", "--epochs", "60"];
        var calm = (await Workspace.Run(_work.Train([.. options, "--plain", "--json", "--runs", Path.Combine(_work.Root, "calm")]))).Sha256;
        using var run = ClusterRun.Start(_work.Train([.. options, "--nodes", "3", "--parameter-servers", "1"]));
        await run.LineWith("epoch 20/");
        var stopped = run.Nodes("worker")[0];
        ClusterRun.Send(ClusterRun.Stop, stopped);
        await run.LineWith("epoch 26/");
        ClusterRun.Send(ClusterRun.Continue, stopped);
        var outcome = await run.End();

        Assert.True(outcome.Code == 0, outcome.Error);
        Assert.Contains($"weights SHA-256 {calm}", outcome.Output, StringComparison.Ordinal);
        var helped = await StepsHelpedByGeneration();
        Assert.True(helped.Values.DefaultIfEmpty().Max() >= 7, $"the deadline moved the steps on, or nobody did: {string.Join(", ", helped)}\n{outcome.Output}");
        var audit = await Workspace.Run(["audit", "latest", "--runs", _work.Runs]);
        Assert.Matches("[0-9]+ micro-batch(es)? of slow workers computed by others", audit.Output);
        Assert.Contains("Every example of every epoch was counted exactly once", audit.Output, StringComparison.Ordinal);
    }

    // The coordinator's deadline takes one lease and opens a new generation: it can move on one step of a generation, no more. So more than one
    // step of one, with sums of workers that held no lease of them, were made by help.
    private async Task<Dictionary<int, int>> StepsHelpedByGeneration()
    {
        var events = await JournalReader.ReadAsync(JournalOptions.FileOf(RunFolder.Open(_work.Runs, RunFolder.Latest)));
        var generations = events.OfType<GenerationOpened>().ToDictionary(opened => opened.Generation);
        var workers = new WorkerTable();
        foreach (var opened in generations.Values) workers.Add(opened.Workers);
        return events.OfType<StepsRecorded>().Where(steps => steps.Shard == 0).SelectMany(steps => steps.Steps)
            .Where(step => step.Sums.Any(sum => IsHelp(sum, generations[step.Generation].Workers, workers, step.Version)))
            .GroupBy(step => step.Generation).ToDictionary(steps => steps.Key.Number, steps => steps.Count());
    }

    private static bool IsHelp(SumRecord sum, string[] holders, WorkerTable workers, long version)
    {
        var index = Array.IndexOf(holders, workers.Addresses[sum.Worker]);
        return index >= 0 && !new Lease(index, holders.Length).Holds(sum.Node.First, version % 7 == 6 ? 1 : 4);
    }
}
