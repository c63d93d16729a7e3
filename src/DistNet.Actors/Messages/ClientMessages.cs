using DistNet.Neural;
using DistNet.Protocol;

namespace DistNet.Actors;

/// <summary>Client -> cluster: train this. Answered with <see cref="RunAnswered"/>.</summary>
/// <param name="Id">The order's own, drawn by the client: by it an order that comes again is known, also by a successor of the leader that took it.</param>
/// <param name="Spec">A run specification in JSON; empty to resume.</param>
/// <param name="Resume">The run to go on with; empty for a new one.</param>
/// <param name="Workers">Workers to wait for before the first step.</param>
/// <param name="ParameterServers">Parameter-server nodes to wait for.</param>
/// <param name="ParameterShards">Into how many ranges the parameters are cut.</param>
/// <param name="CheckpointEvery">Steps between checkpoints; 0 for one after each epoch.</param>
/// <remarks>Lost: the client asks again. Twice: answered twice, begun once. Another order while a run is under way: refused, with that run's name.</remarks>
public sealed record SubmitRun(
    string Id, string Spec, string Resume, int Workers, int ParameterServers, int ParameterShards, int CheckpointEvery) : IProtocolMessage;

/// <summary>Cluster -> client: the run's name, or why there is none.</summary>
/// <param name="RunId">Its name.</param>
/// <param name="Refusal">Why there is none; empty if it begins.</param>
/// <param name="Spec">Its specification in JSON, which who resumes a run may not know.</param>
public sealed record RunAnswered(string RunId, string Refusal, string Spec) : IProtocolMessage;

/// <summary>Client -> cluster: which run was ordered last? Answered with <see cref="RunAnswered"/>, without a name if none was.</summary>
public sealed record AskOrder : IProtocolMessage;

/// <summary>Client -> cluster: how is it going? Answered with <see cref="ClusterStatus"/>.</summary>
/// <param name="EpochsKnown">The newest epoch whose report the client has, or 0.</param>
public sealed record AskStatus(int EpochsKnown) : IProtocolMessage;

/// <summary>Client -> cluster: stop the run cleanly between two steps. Answered with <see cref="ClusterStatus"/>.</summary>
/// <remarks>The cancellation is persisted: nobody goes on with the run by himself.</remarks>
public sealed record CancelRun : IProtocolMessage;

/// <summary>Program of the leader's node -> leader: this node is going to end. Bring the run to a checkpoint; whoever leads next goes on with it.</summary>
/// <param name="Node">The node: <c>host:port</c>.</param>
/// <remarks>Repeated until the run has ended here. Answered with <see cref="ClusterStatus"/>. Late: another node leads
/// by then, which is not meant and goes on.</remarks>
public sealed record HandOverRun(string Node) : IProtocolMessage;

/// <summary>What a run is doing.</summary>
public enum RunPhase
{
    /// <summary>No run was submitted.</summary>
    None,

    /// <summary>Waits for nodes, or trains.</summary>
    UnderWay,

    /// <summary>It is over, and its result is there.</summary>
    Completed,

    /// <summary>It was stopped, and can be resumed.</summary>
    Interrupted,

    /// <summary>It could not go on.</summary>
    Failed,
}

/// <summary>Cluster -> client: the newest run, and the nodes.</summary>
/// <param name="RunId">Its name; empty for none.</param>
/// <param name="Phase">What it is doing.</param>
/// <param name="Text">The result as JSON, or why it failed; what it is doing while it is under way.</param>
/// <param name="Version">Steps made.</param>
/// <param name="Epoch">The epoch under way.</param>
/// <param name="Statistics">Over that epoch so far.</param>
/// <param name="Epochs">Reports of complete epochs that the client does not have yet, the first <see cref="MostEpochs"/> of them.</param>
/// <param name="Nodes">The nodes that are there.</param>
/// <param name="Leader">The node whose coordinator leads: <c>host:port</c>.</param>
/// <param name="Leases">Who holds the shares of each step: the node, <c>host:port</c>, of the worker with lease <c>i</c>.</param>
public sealed record ClusterStatus(
    string RunId,
    RunPhase Phase,
    string Text,
    long Version,
    int Epoch,
    LossStatistics Statistics,
    IReadOnlyList<EpochFigures> Epochs,
    IReadOnlyList<NodeFigures> Nodes,
    string Leader,
    IReadOnlyList<string> Leases) : IProtocolMessage
{
    /// <summary>Most epochs in one answer: with fewer, the client has all.</summary>
    public const int MostEpochs = 100;
}

/// <summary>An <see cref="EpochReport"/> on its way.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="Training">Over its steps.</param>
/// <param name="HasValidation">Whether it was validated.</param>
/// <param name="Validation">Over the validation examples.</param>
public readonly record struct EpochFigures(int Epoch, LossStatistics Training, bool HasValidation, LossStatistics Validation);

/// <summary>A node as the run manager sees it.</summary>
/// <param name="Address">The node: <c>host:port</c>.</param>
/// <param name="Roles">What it does.</param>
/// <param name="Slots">Workers it runs.</param>
public readonly record struct NodeFigures(string Address, IReadOnlyList<string> Roles, int Slots);
