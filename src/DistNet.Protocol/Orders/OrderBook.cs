namespace DistNet.Protocol;

/// <summary>What a cluster was ordered to train, and what came of it: the sum of its <see cref="OrderEvent"/>s.</summary>
/// <remarks>One run is open at a time. Events of a run that is not the newest are of a leader that has been replaced, and change nothing.</remarks>
public sealed class OrderBook
{
    // Every order ever taken, so that one which comes again after its run is over begins no second run.
    private readonly Dictionary<string, OrderAccepted> _orders = [];

    /// <summary>The newest order, or null if there was none.</summary>
    public OrderAccepted? Newest { get; private set; }

    /// <summary>How the newest order ended, or null while it is open.</summary>
    public OrderClosed? Closed { get; private set; }

    /// <summary>Whether a user wants the newest order's run to stop.</summary>
    public bool IsCancelled { get; private set; }

    /// <summary>The run that whoever begins to lead goes on with, or null.</summary>
    public OrderAccepted? Unfinished => Closed is null && !IsCancelled ? Newest : null;

    /// <summary>The greatest number that a coordinator had, or 0.</summary>
    public long Incarnation { get; private set; }

    /// <summary>The number of the next coordinator: greater than all before, though its clock may be behind theirs.</summary>
    /// <param name="now">A number that grows by itself, such as the clock's.</param>
    public long NextIncarnation(long now) => Math.Max(now, Incarnation + 1);

    /// <summary>The order of that id, or null if it was never taken.</summary>
    public OrderAccepted? Find(string orderId) => _orders.GetValueOrDefault(orderId);

    /// <summary>An event is safe in the journal, or was read back from it.</summary>
    public void Apply(OrderEvent entry)
    {
        switch (entry)
        {
            case OrderAccepted accepted:
                _orders[accepted.OrderId] = accepted;
                (Newest, Closed, IsCancelled) = (accepted, null, false);
                break;
            case OrderBegun begun:
                Incarnation = Math.Max(Incarnation, begun.Incarnation);
                break;
            case OrderCancelled cancelled when cancelled.RunId == Newest?.RunId:
                IsCancelled = true;
                break;
            case OrderClosed closed when closed.RunId == Newest?.RunId:
                Closed = closed;
                break;
        }
    }
}
