using Akka.Actor;
using Akka.Configuration;
using DistNet.Actors;
using DistNet.Neural;
using DistNet.Protocol;

namespace DistNet.Tests;

public sealed class AuditSpecs : IDisposable
{
    private readonly Workspace _work = new();

    public void Dispose() => _work.Dispose();

    [Fact]
    public async Task A_run_is_proved_from_its_ledger_and_by_a_replay()
    {
        var run = await Trained();
        await Record(run, Ledger(run));

        var outcome = await Audit("--replay", "--data", _work.Data);
        Assert.Equal(0, outcome.Code);
        Assert.Contains("16 steps by 2 workers in 1 generation, 0 roll-backs; 0 step records superseded", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("Every example of every epoch was counted exactly once", outcome.Output, StringComparison.Ordinal);
        Assert.Contains($"Replayed on one thread: the same weights, SHA-256 {run.ReadResult()!.WeightsSha256}.", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_keeps_its_ledger_is_proved_from_it()
    {
        await Workspace.Run(_work.Train("--workers", "2", "--ledger"));

        var outcome = await Audit("--replay", "--data", _work.Data);
        Assert.Equal(0, outcome.Code);
        Assert.Contains("16 steps by 2 workers in ", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("Replayed on one thread: the same weights", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_with_a_ledger_leaves_nothing_where_it_was_started()
    {
        var here = Directory.CreateDirectory(Path.Combine(_work.Root, "here")).FullName;
        var outcome = await DistNetProcess.Run(_work.Train("--workers", "2", "--ledger"), here);
        Assert.True(outcome.Code == 0, outcome.Error);
        Assert.Empty(Directory.GetFileSystemEntries(here));
    }

    [Fact]
    public async Task A_step_that_lacks_a_micro_batch_fails_the_audit_and_is_named()
    {
        var run = await Trained();
        await Record(run, [.. Ledger(run).Select(entry => entry is StepsRecorded { Shard: 1 } steps
            ? steps with { Steps = [.. steps.Steps.Select(step => step.Version == 9 ? step with { Sums = step.Sums[..1] } : step)] }
            : entry)]);

        var outcome = await Audit();
        Assert.Equal(1, outcome.Code);
        Assert.Contains("Step 10, parameter shard 1: micro-batch 1 is missing.", outcome.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("exactly once", outcome.Output, StringComparison.Ordinal);
        Assert.Contains($"run {run.Id} fails its audit: 2 violations", outcome.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Weights_that_the_specification_does_not_lead_to_fail_the_replay()
    {
        var run = await Trained();
        var other = run.ReadResult()! with { WeightsSha256 = new string('0', 64) };
        run.WriteResult(other);
        await Record(run, Ledger(run));

        var outcome = await Audit("--replay", "--data", _work.Data);
        Assert.Equal(1, outcome.Code);
        Assert.Contains($"but the run with {other.WeightsSha256}.", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ledger_of_another_run_fails_the_audit()
    {
        var run = await Trained();
        var events = Ledger(run);
        events[0] = ((RunAccepted)events[0]) with { Spec = TrainingSpecJson.Write(run.Description.Spec with { Seed = 2 }) };
        await Record(run, events);

        Assert.Contains("The ledger is of another run specification than run.json.", (await Audit()).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_without_a_journal_fails_with_the_path_it_would_have()
    {
        var run = await Trained();

        var outcome = await Audit();
        Assert.Equal(1, outcome.Code);
        Assert.Equal($"distnet: {Path.Combine(run.Path, "journal.db")} does not exist: the run kept no ledger; runs in a cluster do, others with --ledger.", outcome.Sentence);
    }

    [Fact]
    public async Task A_run_that_is_resumed_goes_on_with_its_ledger()
    {
        await Interrupted("--workers", "2", "--ledger");
        var resumed = await Resumed("--workers", "3");

        var outcome = await Audit("--replay", "--data", _work.Data);
        Assert.True(outcome.Code == 0, outcome.Output);
        Assert.Contains($"complete, weights SHA-256 {resumed.Sha256}", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("Replayed on one thread: the same weights", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Steps_that_were_made_without_the_ledger_are_not_proved()
    {
        await Interrupted("--workers", "2", "--ledger");
        await Resumed("--plain");

        var outcome = await Audit();
        Assert.Equal(1, outcome.Code);
        Assert.Matches("The run went on after step [1-9][0-9]* to its end without this ledger", outcome.Output);
        Assert.Contains("fails its audit: 1 violation; this ledger does not prove its weights", outcome.Sentence, StringComparison.Ordinal);
    }

    private async Task Interrupted(params string[] engine)
    {
        using var process = DistNetProcess.Start(_work.Train(["--hidden", "512,512", "--batch", "8", "--epochs", "60", .. engine]));
        await process.LineWith("epoch 1/");
        process.Signal(DistNetProcess.Interrupt);
        Assert.Equal(130, (await process.End()).Code);
    }

    private async Task<Outcome> Resumed(params string[] engine)
    {
        var outcome = await Workspace.Run(["train", "--resume", "latest", "--runs", _work.Runs, "--json", .. engine]);
        Assert.True(outcome.Code == 0, outcome.Error);
        return outcome;
    }

    private async Task<RunFolder> Trained()
    {
        await Workspace.Run(_work.Train("--plain"));
        return RunFolder.Open(_work.Runs, RunFolder.Latest);
    }

    private Task<Outcome> Audit(params string[] options) => Workspace.Run(["audit", "latest", "--runs", _work.Runs, .. options]);

    /// <summary>What two workers and two shards would have recorded: 240 images in batches of 32, two micro-batches each, the last batch half.</summary>
    private static List<LedgerEvent> Ledger(RunFolder run) =>
    [
        new RunAccepted(run.Id, TrainingSpecJson.Write(run.Description.Spec), run.Description.Data.ContentHash, 240),
        new ShardsRestored(new Generation(1), 0, 2, "the run begins"),
        new GenerationOpened(new Generation(1), 0, ["worker-0", "worker-1"]),
        new StepsRecorded(0, Steps()),
        new StepsRecorded(1, Steps()),
        new RunEnded(TrainingEnd.Completed, 16, run.ReadResult()!.WeightsSha256),
    ];

    private static StepRecord[] Steps() => [.. Enumerable.Range(0, 16).Select(version => new StepRecord(
        version,
        new Generation(1),
        [.. Enumerable.Range(0, version % 8 == 7 ? 1 : 2).Select(microBatch => new SumRecord(new TreeNode(microBatch, 1), microBatch))],
        0,
        0))];

    private static async Task Record(RunFolder run, List<LedgerEvent> events)
    {
        var journal = JournalSettings.File(Path.Combine(run.Path, "journal.db"));
        JournalFile.Prepare(journal);
        var quiet = ConfigurationFactory.ParseString("akka { stdout-loglevel = OFF, loggers = [], coordinated-shutdown.run-by-clr-shutdown-hook = off }");
        var system = ActorSystem.Create("recorder", JournalConfiguration.Of(journal).WithFallback(quiet));
        var done = new TaskCompletionSource();
        system.ActorOf(Props.Create(() => new Recorder(journal, events, done)));
        await done.Task.WaitAsync(TimeSpan.FromMinutes(1));
        await system.Terminate();
    }

    private sealed class Recorder(JournalSettings journal, List<LedgerEvent> events, TaskCompletionSource done) : LedgerActor(journal)
    {
        protected override void Recovered() => Record(events, () => done.TrySetResult());

        protected override void JournalFailed(JournalException failure) => done.TrySetException(failure);
    }
}
