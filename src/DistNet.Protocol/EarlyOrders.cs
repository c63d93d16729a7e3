namespace DistNet.Protocol;

/// <summary>Orders to a parameter shard that speak of a restore which has not come yet: states and orders travel different ways.</summary>
/// <remarks>They wait, in their order, until the shard is restored; a newer restore makes them void.</remarks>
public sealed class EarlyOrders
{
    private readonly List<(Generation RestoredAt, Action Order)> _waiting = [];

    /// <summary>Keeps an order that is early.</summary>
    /// <param name="restoredAt">The restore the order speaks of.</param>
    /// <param name="current">The restore that gave the shard its state.</param>
    /// <param name="order">Carries it out.</param>
    /// <returns>False if it is not early, and nothing was kept.</returns>
    public bool Keep(Generation restoredAt, Generation current, Action order)
    {
        if (restoredAt <= current)
            return false;
        _waiting.RemoveAll(waiting => waiting.RestoredAt < restoredAt);
        _waiting.Add((restoredAt, order));
        return true;
    }

    /// <summary>The shard was restored: what waited for that is carried out.</summary>
    public void Restored(Generation restoredAt)
    {
        Action[] due = [.. _waiting.Where(waiting => waiting.RestoredAt == restoredAt).Select(waiting => waiting.Order)];
        _waiting.RemoveAll(waiting => waiting.RestoredAt <= restoredAt);
        foreach (Action order in due)
            order();
    }
}
