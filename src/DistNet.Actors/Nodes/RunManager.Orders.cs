using Akka.Actor;
using DistNet.Neural;
using DistNet.Protocol;

namespace DistNet.Actors;

/// <content>The orders: what clients say, and what is persisted of it.</content>
internal sealed partial class RunManager
{
    // The first run reads the data, which may be large.
    private static readonly TimeSpan OpenDeadline = TimeSpan.FromMinutes(5);

    private readonly OrderBook _book = new();

    // The order whose run is being opened, and who waits for the answer.
    private SubmitRun? _opening;
    private readonly List<IActorRef> _waiting = [];

    // This node is going to end, and is not asked to stay.
    private bool _isLeaving;

    private void ReceiveClients()
    {
        Command<SubmitRun>(Submit);
        Command<AskOrder>(_ => Sender.Tell(_book.Newest is { } newest ? Answer(newest) : new RunAnswered("", "", "")));
        Command<AskStatus>(ask => Sender.Tell(Status(ask.EpochsKnown)));
        Command<AskData>(_ => Describe());
        Command<CancelRun>(_ => Cancel());
        Command<HandOverRun>(HandOver);
        Command<Opened>(Accept);
        Command<Refused>(refused => Answer(new RunAnswered("", refused.Reason.Message, "")));
    }

    private void Recovered()
    {
        if (_book.Newest is not { } order)
            return;
        _board.Begin(order.RunId);
        if (_book.Unfinished is null)
            _board.End(PhaseOf(_book.Closed?.End ?? OrderEnd.Cancelled), _book.Closed?.Text ?? "");
        else
        {
            _options.Log($"This coordinator leads now, and goes on with run {order.RunId}.");
            Reopen(order);
        }
    }

    private void Submit(SubmitRun order)
    {
        if (_book.Find(order.Id) is { } known)
            Sender.Tell(Answer(known)); // a client that has waited long for its answer asks again
        else if (Hindrance(order) is { } hindrance)
            Sender.Tell(new RunAnswered("", hindrance, ""));
        else
            Open(order);
    }

    private string? Hindrance(SubmitRun order) =>
        _current is { } current ? $"Run {current.Run.Id} is under way; wait for its end, or stop it with 'distnet cancel'."
        : _isReopening ? $"Run {_book.Newest!.RunId} is about to go on; wait for its end, or stop it with 'distnet cancel'."
        : _isLeaving ? "The coordinator that leads is leaving; order again."
        : _opening is not null && _opening.Id != order.Id ? "Another run is about to begin."
        : order.Workers > RunSettings.MostWorkers ? $"A cluster gives work to {RunSettings.MostWorkers} workers at most; {order.Workers} were ordered."
        : order.ParameterShards > RunSettings.MostParameterShards
            ? $"A cluster cuts the parameters into {RunSettings.MostParameterShards} shards at most; {order.ParameterShards} were ordered."
        : null;

    private void Open(SubmitRun order)
    {
        _waiting.Add(Sender);
        if (_opening is not null)
            return;
        _opening = order;
        InTime(_options.Runs!.OpenAsync(order, CancellationToken.None)).PipeTo(Self, success: run => new Opened(run, order), failure: reason => new Refused(reason));
    }

    // A folder on another machine may be silent for ever, and orders are to be taken again after that.
    private async Task<T> InTime<T>(Task<T> opening)
    {
        string node = OwnAddress; // asked for here, since an actor's context is not there after a wait
        try
        {
            return await opening.WaitAsync(OpenDeadline, _options.Time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new IOException($"The coordinator at {node} could not read its data and open the run's folder within {OpenDeadline.TotalMinutes:0} minutes.");
        }
    }

    // The order is taken once it is safe; only then does anybody hear of it.
    private void Accept(Opened opened)
    {
        (IHostedRun run, SubmitRun order) = opened;
        OrderAccepted accepted = new(
            order.Id, run.Id, TrainingSpecJson.Write(run.Spec), order.Workers, order.ParameterServers, order.ParameterShards, order.CheckpointEvery);
        Persist(accepted, safe =>
        {
            _book.Apply(safe);
            Begin(run, safe, isRecovered: false);
            Answer(Answer(safe));
        });
    }

    private static RunAnswered Answer(OrderAccepted order) => new(order.RunId, "", order.Spec);

    private void Answer(RunAnswered answer)
    {
        foreach (IActorRef client in _waiting)
            client.Tell(answer);
        _waiting.Clear();
        _opening = null;
    }

    private void Describe() => _options.Runs!.DescribeDataAsync(CancellationToken.None).PipeTo(
        Sender, Self, failure: reason => new ClusterData(reason.Message, "", "", 0, 0, 0, ""));

    // Safe before the run is told, so that nobody who takes over in between goes on with it.
    private void Cancel()
    {
        Sender.Tell(Status(int.MaxValue));
        if (_book.Unfinished is not { } order)
            StopRun();
        else
            Persist(new OrderCancelled(order.RunId), safe =>
            {
                _book.Apply(safe);
                StopRun();
            });
    }

    // Nothing is persisted: the order stays open for whoever leads next. A node that asks once more, when that is another node already, asks nothing of it.
    private void HandOver(HandOverRun ask)
    {
        if (ask.Node == OwnAddress)
        {
            _isLeaving = true;
            StopRun();
        }
        Sender.Tell(Status(int.MaxValue));
    }

    private static RunPhase PhaseOf(OrderEnd end) => end switch
    {
        OrderEnd.Completed => RunPhase.Completed,
        OrderEnd.Cancelled => RunPhase.Interrupted,
        _ => RunPhase.Failed,
    };

    private sealed record Opened(IHostedRun Run, SubmitRun Order) : INoSerializationVerificationNeeded;

    private sealed record Refused(Exception Reason) : INoSerializationVerificationNeeded;
}
