using Akka.Actor;
using Akka.Configuration;
using DistNet.Neural;
using DistNet.Protocol;

namespace DistNet.Actors;

/// <summary>Trains through the actors in one process: coordinator, workers and a parameter server in one actor system.</summary>
public sealed class ActorTrainer : IAsyncDisposable
{
    private readonly ActorTrainerOptions _options;
    private readonly Task<ActorSystem> _system;

    /// <summary>Starts the actor system in the background, so that it is up by the time the data is loaded.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No worker, or no parameter shard.</exception>
    public ActorTrainer(ActorTrainerOptions options)
        : this(options, Config.Empty)
    {
    }

    /// <summary>Starts the actor system with settings that go before its own.</summary>
    internal ActorTrainer(ActorTrainerOptions options, Config settings)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Workers, 1, nameof(options.Workers));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ParameterShards, 1, nameof(options.ParameterShards));
        _options = options;
        _system = Task.Run(() => ActorSystem.Create("distnet", settings.WithFallback(Configuration(options))));
    }

    /// <summary>The actor system, once it is up.</summary>
    internal Task<ActorSystem> Started => _system;

    /// <summary>Trains a job to its end, or until <paramref name="stop"/> asks for a clean stop between two steps.</summary>
    /// <param name="job">What to train.</param>
    /// <param name="observer">Hears of progress, one call at a time.</param>
    /// <param name="time">The clock.</param>
    /// <param name="stop">Asks the run to stop; it then writes a checkpoint and ends as <see cref="TrainingEnd.Interrupted"/>.</param>
    /// <exception cref="ArgumentException">The specification is impossible, or does not fit the examples.</exception>
    /// <exception cref="NonFiniteGradientException">A gradient was not finite.</exception>
    /// <exception cref="TrainingFailedException">The run could not go on.</exception>
    /// <exception cref="IOException">A checkpoint could not be written.</exception>
    public Task<TrainingResult> TrainAsync(TrainingJob job, ITrainingObserver observer, TimeProvider time, CancellationToken stop) =>
        TrainAsync(job, observer, time, ledger: null, stop);

    /// <summary>Trains a job and keeps its ledger.</summary>
    /// <param name="job">What to train.</param>
    /// <param name="observer">Hears of progress, one call at a time.</param>
    /// <param name="time">The clock.</param>
    /// <param name="ledger">Where; null for no ledger. Needs <see cref="ActorTrainerOptions.KeepsLedger"/>.</param>
    /// <param name="stop">As in the other.</param>
    /// <exception cref="JournalException">The journal cannot be opened, read or written, or is another run's.</exception>
    public async Task<TrainingResult> TrainAsync(TrainingJob job, ITrainingObserver observer, TimeProvider time, LedgerSettings? ledger, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(job);
        job.Validate();
        if (ledger is not null)
            JournalFile.Prepare(ledger.Journal);
        WarmUp.Step(job.Spec);
        ActorSystem system = await _system.ConfigureAwait(false);
        CoordinatedRun run = Describe(job, observer, time, coordinator => new LocalLinks(system, coordinator)) with { Ledger = ledger };
        if (_options.Log is { } log)
            system.ActorOf(LogRelay.Props(log, time), "log");
        IActorRef coordinator = system.ActorOf(Coordinator.Props(run), "coordinator");
        // Before there is anybody to train: a stop that was asked for already comes before the first step.
        await using CancellationTokenRegistration registration = stop.Register(() => coordinator.Tell(Coordinator.StopRun.Instance));
        StartNode(system, run, coordinator);
        return await run.Completion.Task.ConfigureAwait(false);
    }

    /// <summary>Ends the actor system.</summary>
    public async ValueTask DisposeAsync()
    {
        ActorSystem system = await _system.ConfigureAwait(false);
        await system.Terminate().ConfigureAwait(false);
    }

    private CoordinatedRun Describe(TrainingJob job, ITrainingObserver observer, TimeProvider time, Func<IActorRef, ITensorLinks> links)
    {
        RunPlan plan = RunPlan.Of(job.Spec, job.Examples.Count);
        RunSettings settings = new()
        {
            Workers = _options.Workers,
            ParameterShards = _options.ParameterShards,
            StepDeadline = StepDeadlines.InProcess(job.Spec),
        };
        TaskCompletionSource<TrainingResult> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
        return CoordinatedRun.Of(job, observer, plan, settings, time, completion, links);
    }

    private void StartNode(ActorSystem system, CoordinatedRun run, IActorRef coordinator)
    {
        TrainingSpec spec = run.Job.Spec;
        IExampleSet training = new ExampleRange(run.Job.Examples, 0, run.Plan.TrainingExampleCount);
        ITensorLinks links = run.Links(coordinator);
        ParameterStore store = new(ParameterLayout.For(spec.Network).Count);
        int threads = Dispatchers.ComputeThreads(_options.Workers, _options.ParameterShards);
        system.ActorOf(
            ComputeNode.Props(
                ParameterServer.Props(ShardAssignment.Cut(spec, run.Plan, _options.ParameterShards), coordinator, links, store, run.Time, threads),
                _options.ParameterShards,
                Worker.Props(coordinator, links, store, () => new MiniBatchGradients(spec, training, run.Plan), run.Plan.TotalSteps),
                _options.Workers,
                threads),
            "node");
    }

    /// <summary>The settings that the actors need.</summary>
    internal static Config Configuration(ActorTrainerOptions options)
    {
        int threads = Dispatchers.ComputeThreads(options.Workers, options.ParameterShards);
        return ConfigurationFactory.ParseString("""
            akka {
              loglevel = WARNING
              loggers = []
              stdout-loglevel = OFF
              log-dead-letters = off
              scheduler.tick-duration = 20ms # as often as shards look for stragglers
              coordinated-shutdown.run-by-clr-shutdown-hook = off
            }
            """).WithFallback(options.KeepsLedger ? JournalConfiguration.OfWriter : Config.Empty).WithFallback(Dispatchers.Configuration(threads));
    }
}
