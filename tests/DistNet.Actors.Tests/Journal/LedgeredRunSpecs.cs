using Akka.Actor;
using DistNet.Neural;
using DistNet.Protocol;

namespace DistNet.Actors.Tests;

/// <summary>Whole runs that keep their ledger in a real journal, read back and audited.</summary>
public sealed class LedgeredRunSpecs : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("distnet-ledger-");
    private readonly EventfulExamples _examples = new(new Doodles(100));
    private readonly MemoryStore _store = new();
    private Action<string> _kill = _ => { };
    private ActorSystem? _system;

    private JournalSettings Journal => JournalSettings.File(Path.Combine(_folder.FullName, "journal.db"));

    [Theory]
    [InlineData(1, 1, 0)]
    [InlineData(3, 2, 5)]
    public async Task The_ledger_of_a_run_proves_that_every_example_was_counted_once(int workers, int shards, int checkpointEvery)
    {
        TrainingResult result = await Train(workers, shards, Runs.Job() with { CheckpointEvery = checkpointEvery });

        AuditReport audit = await Audit();
        Assert.Empty(audit.Violations);
        Assert.Equal(new RunEnded(TrainingEnd.Completed, 12, WeightsHash.Of(result.Parameters)), audit.End);
        Assert.Equal([(1, 100), (2, 100), (3, 100)], audit.Epochs.Select(epoch => (epoch.Epoch, epoch.Examples)));
        Assert.Equal(workers, audit.Workers.Count);
        Assert.Equal(shards * 3L * (8 + 8 + 8 + 1), audit.Workers.Sum(worker => worker.MicroBatches));
    }

    [Theory]
    [InlineData("/user/node/worker-0")]
    [InlineData("/user/node/parameter-server/shard-1")]
    public async Task The_ledger_of_a_run_with_a_crash_does_so_too(string victim)
    {
        _examples.Before[9] = () => _kill(victim);
        TrainingResult result = await Train(2, 2, Runs.Job(examples: _examples) with { CheckpointEvery = 3 });

        AuditReport audit = await Audit();
        Assert.Empty(audit.Violations);
        Assert.Equal(Runs.Plain(Runs.Job()).Parameters, result.Parameters);
        Assert.InRange(audit.Generations, 2, 4);
    }

    [Fact]
    public async Task A_shard_that_is_lost_while_the_first_checkpoint_is_saved_goes_back_to_that_one()
    {
        const string Shard = "/user/node/parameter-server/shard-1";
        bool isSaved = false;
        _store.WhileSaving = version =>
        {
            if (version != 100)
                return;
            LoseWithNotice(Shard).Wait(Runs.Patience);
            isSaved = true;
        };
        Recorder recorder = new()
        {
            Then = _ =>
            {
                if (isSaved) // the shards have a state again: they lose it once more, before they come far
                    _kill(Shard);
                isSaved = false;
            },
        };
        TrainingSpec spec = Runs.Spec with { Epochs = 60 };
        TrainingResult result = await Train(1, 2, Runs.Job(spec) with { CheckpointEvery = 100 }, recorder);

        Assert.Empty((await Audit()).Violations);
        Assert.Equal(Runs.Plain(Runs.Job(spec)).Parameters, result.Parameters);
    }

    [Fact]
    public async Task Each_checkpoint_stands_in_the_ledger_after_the_steps_it_rests_on()
    {
        await Train(2, 2, Runs.Job() with { CheckpointEvery = 5 });

        RunLedger ledger = new();
        List<long> checkpoints = [];
        foreach (LedgerEvent entry in await JournalReader.ReadAsync(Journal))
        {
            if (entry is CheckpointRecorded checkpoint)
            {
                Assert.True(ledger.Version >= checkpoint.Version, $"{checkpoint} after {ledger.Version} steps");
                checkpoints.Add(checkpoint.Version);
            }
            ledger.Apply(entry);
        }
        Assert.Equal([5, 10, 12], checkpoints);
    }

    [Fact]
    public async Task A_later_session_goes_on_with_newer_generations_and_one_audit_covers_both()
    {
        using CancellationTokenSource stop = new();
        Recorder recorder = new() { ThenCheckpoint = _ => stop.Cancel() };
        TrainingResult first = await Train(2, 2, Runs.Job() with { CheckpointEvery = 2 }, recorder, stop.Token);
        Assert.Equal(TrainingEnd.Interrupted, first.End);
        Generation newest = await NewestGeneration();

        await Train(3, 1, Runs.Job() with { ResumeFrom = _store.Saved[^1] });

        AuditReport audit = await Audit();
        Assert.Empty(audit.Violations);
        Assert.Equal(3, audit.Epochs.Count(epoch => epoch.Examples == 100));
        Assert.True(await NewestGeneration() > newest);
    }

    [Fact]
    public async Task A_record_that_is_missing_fails_the_audit()
    {
        await Train(2, 2, Runs.Job());
        IReadOnlyList<LedgerEvent> events = await JournalReader.ReadAsync(Journal);
        StepsRecorded written = events.OfType<StepsRecorded>().First();
        StepsRecorded damaged = written with { Steps = [.. written.Steps.Skip(1)] };

        AuditReport audit = LedgerAudit.Check(events.Select(entry => ReferenceEquals(entry, written) ? damaged : entry));

        Assert.Contains($"Parameter shard {written.Shard} has no record of step {written.Steps[0].Version + 1}.", audit.Violations);
    }

    [Fact]
    public async Task The_ledger_of_another_run_is_not_gone_on_with()
    {
        await Train(1, 1, Runs.Job());

        JournalException failure = await Assert.ThrowsAsync<JournalException>(() => Train(1, 1, Runs.Job(Runs.Spec with { Seed = 2 })));
        Assert.Equal($"{Journal.Name} is the ledger of another run (run-1); give each run its own", failure.Message);
    }

    [Fact]
    public async Task A_run_that_fails_says_so_in_its_ledger()
    {
        for (int i = 1; i < 100; i++)
            _examples.Before[i] = () => throw new IOException("The disk is gone.");
        TrainingFailedException failure = await Assert.ThrowsAsync<TrainingFailedException>(() => Train(1, 1, Runs.Job(examples: _examples)));

        Assert.Equal(new RunFailed(failure.Message), (await Audit()).End);
    }

    // Once it answers, it has come back and told the coordinator; once that one answers, it has asked for the checkpoint.
    private async Task LoseWithNotice(string actor)
    {
        _kill(actor);
        foreach (string path in (string[])[actor, "/user/coordinator"])
            await _system!.ActorSelection(path).Ask<ActorIdentity>(new Identify(0));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private async Task<AuditReport> Audit() => LedgerAudit.Check(await JournalReader.ReadAsync(Journal));

    private async Task<Generation> NewestGeneration() => (await JournalReader.ReadAsync(Journal)).OfType<GenerationOpened>().Max(opened => opened.Generation);

    private async Task<TrainingResult> Train(int workers, int shards, TrainingJob job, Recorder? recorder = null, CancellationToken stop = default)
    {
        await using ActorTrainer trainer = new(new ActorTrainerOptions { Workers = workers, ParameterShards = shards, KeepsLedger = true });
        ActorSystem system = await trainer.Started;
        _system = system;
        _kill = path => system.ActorSelection(path).Tell(Kill.Instance);
        return await trainer.TrainAsync(job with { Checkpoints = _store }, recorder ?? new Recorder(), TimeProvider.System, new LedgerSettings("run-1", Journal), stop)
            .WaitAsync(Runs.Patience, CancellationToken.None);
    }
}
