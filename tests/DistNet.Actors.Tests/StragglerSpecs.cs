using Akka.Actor;
using Akka.Configuration;
using DistNet.Neural;
using DistNet.Protocol;

namespace DistNet.Actors.Tests;

/// <summary>A run whose second worker does not go on: the others compute its share too.</summary>
[Collection(StepsInTime.Name)]
public sealed class StragglerSpecs : IDisposable
{
    // One for each shard and worker, on a machine of any size: who is held up must hold up nobody else.
    private const int Threads = 6;

    private static readonly Config Settings = ConfigurationFactory.ParseString("akka.actor.serialize-messages = on")
        .WithFallback(Dispatchers.Configuration(Threads))
        .WithFallback(ActorTrainer.Configuration(new ActorTrainerOptions { Workers = 1, ParameterShards = 1, KeepsLedger = true }));

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("distnet-stragglers-");
    private readonly ActorSystem _system = ActorSystem.Create("stragglers", Settings);
    private readonly ManualResetEventSlim _runIsOver = new();
    private readonly TrainingResult _plain = Runs.Plain(Runs.Job(Runs.Dropping));

    [Theory]
    [InlineData(2, 1, 1)]
    [InlineData(2, 2, 4)]
    [InlineData(3, 2, 6)]
    public async Task The_others_make_every_step_without_a_worker_that_is_held_up_and_no_bit_differs(int workers, int shards, int gathering)
    {
        TrainingResult result = await Train(workers, shards, gathering);

        AuditReport audit = await Audit();
        Assert.Equal(_plain.Parameters, result.Parameters);
        Assert.Equal(_plain.History, result.History);
        Assert.Empty(audit.Violations);
        Assert.Equal(1, audit.Generations); // no deadline has taken the lease
        Assert.True(audit.Helped > 0);
        Assert.All(audit.Epochs, epoch => Assert.Equal((100, true), (epoch.Examples, epoch.IsComplete)));
    }

    [Fact]
    public async Task A_worker_that_was_held_up_for_some_steps_goes_on_with_the_others()
    {
        Recorder recorder = new() { Then = progress => { if (progress.Version >= 8) _runIsOver.Set(); } };
        TrainingResult result = await Train(2, 2, gathering: 3, recorder);

        AuditReport audit = await Audit();
        Assert.Equal(_plain.Parameters, result.Parameters);
        Assert.Empty(audit.Violations);
        Assert.Equal(1, audit.Generations);
    }

    public void Dispose()
    {
        _runIsOver.Set();
        _system.Terminate().Wait(Runs.Patience);
        _runIsOver.Dispose();
        _folder.Delete(recursive: true);
    }

    private JournalSettings Journal => JournalSettings.File(Path.Combine(_folder.FullName, "journal.db"));

    private async Task<AuditReport> Audit() => LedgerAudit.Check(await JournalReader.ReadAsync(Journal));

    private async Task<TrainingResult> Train(int workers, int shards, int gathering, Recorder? recorder = null)
    {
        TrainingJob job = Runs.Job(Runs.Dropping) with { Checkpoints = new MemoryStore() };
        RunPlan plan = new(job.Spec, 100);
        RunSettings settings = new() { Workers = workers, ParameterShards = shards };
        TaskCompletionSource<TrainingResult> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
        JournalFile.Prepare(Journal);
        CoordinatedRun run = CoordinatedRun.Of(
            job, recorder ?? new Recorder(), plan, settings, TimeProvider.System, completion, self => new LocalLinks(_system, self)) with
        {
            Ledger = new LedgerSettings("run-1", Journal),
        };
        IActorRef coordinator = _system.ActorOf(Coordinator.Props(run), "coordinator");
        ParameterStore store = new(ParameterLayout.For(job.Spec.Network).Count);
        LocalLinks links = new(_system, coordinator);
        _system.ActorOf(ParameterServer.Props(ShardAssignment.Cut(job.Spec, plan, shards), coordinator, links, store, TimeProvider.System, Threads), "shards")
            .Tell(new PlaceShards(Enumerable.Range(0, shards).ToArray()));
        EventfulExamples slow = new(job.Examples) { Before = { [gathering] = () => _runIsOver.Wait(Runs.Patience) } };
        for (int i = 0; i < workers; i++)
        {
            IExampleSet examples = i == 1 ? slow : job.Examples;
            Props worker = Worker.Props(coordinator, links, store, () => new MiniBatchGradients(job.Spec, examples, plan), plan.TotalSteps);
            _system.ActorOf(worker.WithDispatcher(Dispatchers.Compute(shards + i, Threads)), $"worker-{i}");
        }
        return await completion.Task.WaitAsync(Runs.Patience);
    }
}
