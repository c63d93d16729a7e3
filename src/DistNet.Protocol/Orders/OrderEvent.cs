namespace DistNet.Protocol;

/// <summary>Something that befell a cluster's orders, as the leader's journal keeps it: from these alone a successor knows what is to be trained.</summary>
/// <remarks>An event is persisted before anybody is told of what it says.</remarks>
public abstract record OrderEvent;

/// <summary>A run was ordered, and opened.</summary>
/// <param name="OrderId">The order's, by which it is known when it comes again.</param>
/// <param name="RunId">The run's.</param>
/// <param name="Spec">The run specification in JSON.</param>
/// <param name="Workers">Workers to wait for before the first step.</param>
/// <param name="ParameterServers">Parameter-server nodes to wait for.</param>
/// <param name="ParameterShards">Into how many ranges the parameters are cut.</param>
/// <param name="CheckpointEvery">Steps between checkpoints; 0 for one after each epoch.</param>
public sealed record OrderAccepted(
    string OrderId, string RunId, string Spec, int Workers, int ParameterServers, int ParameterShards, int CheckpointEvery) : OrderEvent;

/// <summary>A coordinator begins with the run, or goes on with it.</summary>
/// <param name="RunId">The run's.</param>
/// <param name="Incarnation">The coordinator's number, by which members know an earlier one's messages.</param>
public sealed record OrderBegun(string RunId, long Incarnation) : OrderEvent;

/// <summary>A user wants the run to stop: whoever leads from now on does not go on with it.</summary>
/// <param name="RunId">The run's.</param>
public sealed record OrderCancelled(string RunId) : OrderEvent;

/// <summary>The run is over.</summary>
/// <param name="RunId">The run's.</param>
/// <param name="End">How.</param>
/// <param name="Text">The result as JSON, or the sentence with which it failed; empty if it was cancelled.</param>
public sealed record OrderClosed(string RunId, OrderEnd End, string Text) : OrderEvent;

/// <summary>How an order ended.</summary>
public enum OrderEnd
{
    /// <summary>The run was made.</summary>
    Completed,

    /// <summary>A user stopped it.</summary>
    Cancelled,

    /// <summary>It could not go on.</summary>
    Failed,
}
