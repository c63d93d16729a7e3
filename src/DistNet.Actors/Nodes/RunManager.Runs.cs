using Akka.Actor;
using DistNet.Neural;
using DistNet.Protocol;

namespace DistNet.Actors;

/// <content>The run under way, from its opening to its end.</content>
internal sealed partial class RunManager
{
    // Between two attempts to go on with an earlier leader's run: short beside what that costs, long beside an attempt.
    private static readonly TimeSpan ReopenPause = TimeSpan.FromSeconds(5);

    private CurrentRun? _current;

    // An earlier leader's run is being opened, or waits to be.
    private bool _isReopening;

    // Why the last attempt failed, so that the log has it once.
    private string _obstacle = "";

    private void ReceiveRuns()
    {
        Command<Reopened>(GoOn);
        Command<NotReopened>(Postpone);
        Command<ReopenAgain>(again => Reopen(again.Order));
        Command<BeginCoordinator>(Coordinate);
        Command<Ended>(End);
    }

    private void Reopen(OrderAccepted order)
    {
        _isReopening = true;
        InTime(ReopenAsync(_options.Runs!, order)).PipeTo(Self, failure: reason => new NotReopened(order, reason));
    }

    private static async Task<Reopened> ReopenAsync(IRunHost runs, OrderAccepted order)
    {
        IHostedRun run = await runs.ReopenAsync(order, CancellationToken.None).ConfigureAwait(false);
        return new Reopened(run, order, run.ReadResult());
    }

    // The leader before may have died between the run's result and the word of it.
    private void GoOn(Reopened reopened)
    {
        _isReopening = false;
        if (reopened.Result is { } result)
            Close(new OrderClosed(reopened.Run.Id, OrderEnd.Completed, result));
        else if (_book.IsCancelled)
            Close(new OrderClosed(reopened.Run.Id, OrderEnd.Cancelled, ""));
        else if (!_isLeaving)
            Begin(reopened.Run, reopened.Order, isRecovered: true);
    }

    // What is damaged stays so. A disk or a folder that cannot be read now may be read later, and the order is not to be lost with it.
    private void Postpone(NotReopened failed)
    {
        if (_book.IsCancelled)
            Close(new OrderClosed(failed.Order.RunId, OrderEnd.Cancelled, ""));
        else if (failed.Reason is InvalidDataException)
            Close(new OrderClosed(failed.Order.RunId, OrderEnd.Failed, failed.Reason.Message));
        else
            ReopenLater(failed.Order, failed.Reason.Message);
    }

    private void ReopenLater(OrderAccepted order, string obstacle)
    {
        if (_obstacle != obstacle)
            _options.Log($"Run {order.RunId} cannot go on yet: {obstacle}");
        _obstacle = obstacle;
        _isReopening = true;
        _board.Describe($"cannot go on yet, and is tried again every {ReopenPause.TotalSeconds:0} seconds: {obstacle}");
        Timers.StartSingleTimer(typeof(ReopenAgain), new ReopenAgain(order), ReopenPause);
    }

    private void Begin(IHostedRun run, OrderAccepted order, bool isRecovered)
    {
        CurrentRun current = new(run, order, isRecovered, new CancellationTokenSource());
        _current = current;
        _board.Begin(run.Id);
        if (isRecovered)
            _board.Describe("waits for the process that trained it to let go of it");
        IActorRef self = Self;
        run.TrainAsync((job, observer, stop) => TrainAsync(self, current, job, observer, stop), _board, current.Stop.Token)
            .PipeTo(self, success: result => new Ended(current, result, null), failure: reason => new Ended(current, null, reason));
    }

    // It is cancelled where there is no coordinator yet, or the run manager has ended and its coordinator with it: nobody else would complete the run then.
    private static async Task<ClusterTrainingResult> TrainAsync(
        IActorRef self, CurrentRun current, TrainingJob job, ITrainingObserver observer, CancellationToken stop)
    {
        BeginCoordinator begin = new(
            current, job, observer, new TaskCompletionSource<TrainingResult>(TaskCreationOptions.RunContinuationsAsynchronously));
        using CancellationTokenRegistration cancelled = stop.Register(() => begin.Completion.TrySetCanceled(stop));
        self.Tell(begin);
        TrainingResult result = await begin.Completion.Task.ConfigureAwait(false);
        return new ClusterTrainingResult(result, begin.Workers, begin.Nodes);
    }

    // The number is safe before a member hears of it, so that no successor takes the same.
    private void Coordinate(BeginCoordinator begin)
    {
        if (begin.Completion.Task.IsCompleted)
            return;
        OrderBegun begun = new(begin.Run.Run.Id, _book.NextIncarnation(_options.Time.GetUtcNow().UtcTicks));
        Persist(begun, safe =>
        {
            _book.Apply(safe);
            Coordinate(begin, safe.Incarnation);
        });
    }

    // A run that is impossible fails by itself. Were the leader to fail, the next one would meet the same order, and fail as well.
    private void Coordinate(BeginCoordinator begin, long incarnation)
    {
        try
        {
            Coordinate(begin.Run, begin, incarnation);
        }
        catch (Exception failure)
        {
            begin.Completion.TrySetException(failure);
        }
    }

    private void Coordinate(CurrentRun current, BeginCoordinator begin, long incarnation)
    {
        current.Completion = begin.Completion;
        TrainingJob job = begin.Job;
        job.Validate();
        if (current.IsRecovered && job.ResumeFrom is { } from)
            _board.Know(from.History);
        RunPlan plan = RunPlan.Of(job.Spec, job.Examples.Count);
        IActorRef coordinator = Context.ActorOf(Coordinator.Props(Coordinated(current, begin, plan, incarnation)), $"coordinator-{incarnation}");
        string address = Addresses.Join(coordinator.Address(Context.System), _transport.Address.ToString());
        current.Coordinator = coordinator;
        current.Start = new StartRun(
            incarnation, current.Run.Id, TrainingSpecJson.Write(job.Spec), job.Examples.ContentHash, job.Examples.Count,
            current.Order.ParameterShards, address);
        foreach (Member member in _members.Values)
            member.Agent.Tell(current.Start);
    }

    private CoordinatedRun Coordinated(CurrentRun current, BeginCoordinator begin, RunPlan plan, long incarnation)
    {
        TrainingJob job = begin.Job;
        return CoordinatedRun.Of(
            job, begin.Observer, plan, Settings(current, job), _options.Time, begin.Completion,
            self => Links(self, incarnation, job, plan, current.Order.ParameterShards)) with
        {
            ParameterServers = Math.Max(1, current.Order.ParameterServers),
            Describe = _board.Describe,
            Leased = _board.Lease,
            Ledger = new LedgerSettings(current.Run.Id, current.Run.Journal),
            TookPart = (workers, nodes) => (begin.Workers, begin.Nodes) = (workers, nodes),
        };
    }

    private NodeLinks Links(IActorRef coordinator, long incarnation, TrainingJob job, RunPlan plan, int shards)
    {
        string address = Addresses.Join(coordinator.Address(Context.System), _transport.Address.ToString());
        NodeLinks links = new(Context.System, _transport, incarnation, ShardAssignment.Cut(job.Spec, plan, shards), address, store: null);
        _frames.ServeCoordinator(links);
        return links;
    }

    private static RunSettings Settings(CurrentRun current, TrainingJob job) => new()
    {
        Workers = Math.Min(current.Order.Workers, RunSettings.MostWorkers), // an order of an earlier version may name more
        ParameterShards = current.Order.ParameterShards,
        IsTakenOver = current.IsRecovered,
        MembersReturn = true,
        JoinDeadline = TimeSpan.FromMinutes(2),
        StepDeadline = StepDeadlines.InCluster(job.Spec),
    };

    private void StopRun()
    {
        if (_current?.Coordinator is { } coordinator)
            coordinator.Tell(Coordinator.StopRun.Instance);
        else
            _current?.Stop.Cancel();
    }

    private void End(Ended ended)
    {
        CurrentRun current = ended.Run;
        if (!ReferenceEquals(current, _current))
            return;
        Leave(current);
        if (Closing(current, ended) is { } closed)
            Close(closed);
        else if (ended.Reason is RunClaimedException or JournalException)
            ReopenLater(current.Order, ended.Reason.Message);
        else
            _board.Describe("waits for the next coordinator");
    }

    // Null where the order stays open: for the next leader; because another process has the run, and may bring it to its end or let go of it; or because
    // a database server does not answer, which comes back. A file that cannot be written to is the user's to mend.
    private OrderClosed? Closing(CurrentRun current, Ended ended) => ended switch
    {
        { Result: { } result } => new OrderClosed(current.Run.Id, OrderEnd.Completed, result),
        { Reason: null or OperationCanceledException } => ClosingIfCancelled(current),
        { Reason: RunClaimedException } when current.IsRecovered => ClosingIfCancelled(current),
        { Reason: JournalException { MayPass: true } } when current.Run.Journal.Path is null => ClosingIfCancelled(current),
        { Reason: { } reason } => new OrderClosed(current.Run.Id, OrderEnd.Failed, reason.Message),
    };

    private OrderClosed? ClosingIfCancelled(CurrentRun current) => _book.IsCancelled ? new OrderClosed(current.Run.Id, OrderEnd.Cancelled, "") : null;

    private void Close(OrderClosed closed) => Persist(closed, safe =>
    {
        _isReopening = false;
        _book.Apply(safe);
        _board.End(PhaseOf(safe.End), safe.Text);
    });

    private void Leave(CurrentRun current)
    {
        if (current.Start is { } start)
        {
            foreach (Member member in _members.Values)
                member.Agent.Tell(new EndRun(start.Run));
        }
        if (current.Coordinator is { } coordinator)
            Context.Stop(coordinator);
        current.Stop.Dispose();
        _current = null;
        _frames.ServeCoordinator(null);
    }

    private sealed record CurrentRun(IHostedRun Run, OrderAccepted Order, bool IsRecovered, CancellationTokenSource Stop)
    {
        public IActorRef? Coordinator { get; set; }

        public TaskCompletionSource<TrainingResult>? Completion { get; set; }

        public StartRun? Start { get; set; }
    }

    private sealed record Reopened(IHostedRun Run, OrderAccepted Order, string? Result) : INoSerializationVerificationNeeded;

    private sealed record NotReopened(OrderAccepted Order, Exception Reason) : INoSerializationVerificationNeeded;

    private sealed record ReopenAgain(OrderAccepted Order) : INoSerializationVerificationNeeded;

    private sealed record BeginCoordinator(
        CurrentRun Run, TrainingJob Job, ITrainingObserver Observer, TaskCompletionSource<TrainingResult> Completion) : INoSerializationVerificationNeeded
    {
        // Written by the coordinator before it completes the run, read after that.
        public int Workers { get; set; }

        public int Nodes { get; set; }
    }

    // The run is named because an attempt that was given up may end when the next is under way.
    private sealed record Ended(CurrentRun Run, string? Result, Exception? Reason) : INoSerializationVerificationNeeded;
}
