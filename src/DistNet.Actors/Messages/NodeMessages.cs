using DistNet.Protocol;

namespace DistNet.Actors;

/// <summary>Node -> run manager: here, and this is what it can do. Sent every second, so that both notice when the other is new.</summary>
/// <param name="Address">The node's agent.</param>
/// <param name="Roles">coordinator, parameter-server, worker.</param>
/// <param name="Slots">Workers it runs; 0 without the role.</param>
/// <param name="Run">The run it takes part in, or 0.</param>
/// <remarks>Lost or twice: the next one comes in a second. When none comes for a while, the node is taken for lost.</remarks>
public sealed record RegisterNode(string Address, IReadOnlyList<string> Roles, int Slots, long Run) : IProtocolMessage;

/// <summary>Run manager -> node: take part in a run. Repeated until the node's <see cref="RegisterNode"/> names it.</summary>
/// <param name="Run">The coordinator's incarnation, greater than any before.</param>
/// <param name="RunId">The run's name.</param>
/// <param name="Spec">The run specification in JSON.</param>
/// <param name="DataHash">Content hash of the training images.</param>
/// <param name="Examples">How many they are, validation included.</param>
/// <param name="ParameterShards">Into how many ranges the parameters are cut.</param>
/// <param name="Coordinator">The run's coordinator.</param>
public sealed record StartRun(long Run, string RunId, string Spec, string DataHash, int Examples, int ParameterShards, string Coordinator) : IProtocolMessage;

/// <summary>Run manager -> node: a run is over, or its coordinator is gone; stop what was started for it.</summary>
public sealed record EndRun(long Run) : IProtocolMessage;

/// <summary>Node -> coordinator: the data is here; workers register themselves, and shards may be placed. Said every second.</summary>
/// <param name="Address">The node's part in the run.</param>
/// <param name="Beginning">Grows each time the node begins anew in this run.</param>
/// <param name="TakesShards">Whether it is a parameter server.</param>
/// <remarks>What the coordinator told the node and was lost, <see cref="PlaceShards"/> or <see cref="Rejoin"/>, it is told again at the next one.</remarks>
public sealed record NodeReady(string Address, long Beginning, bool TakesShards) : IProtocolMessage;

/// <summary>Coordinator -> node: these parameter shards live with you now. Those that are there already stay. Repeated until all have registered.</summary>
public sealed record PlaceShards(IReadOnlyList<int> Shards) : IProtocolMessage;

/// <summary>
/// Coordinator -> node: you were taken for lost. Begin anew: stop workers and shards, and report ready. Repeated while the node says that it is ready
/// as if nothing had happened.
/// </summary>
/// <param name="Beginning">Which of the node's beginnings that was; a newer one goes on.</param>
public sealed record Rejoin(long Beginning) : IProtocolMessage;

/// <summary>Node -> coordinator: tensors no longer reach another node.</summary>
/// <param name="Tensors">Where that node takes tensors.</param>
/// <param name="Reason">One sentence.</param>
public sealed record ReportLinkLoss(string Tensors, string Reason) : IProtocolMessage;

/// <summary>Node -> coordinator: it cannot take part.</summary>
/// <param name="Reason">One sentence.</param>
public sealed record NodeFailed(string Reason) : IProtocolMessage;
