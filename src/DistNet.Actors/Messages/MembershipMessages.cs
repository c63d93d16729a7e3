using DistNet.Protocol;

namespace DistNet.Actors;

/// <summary>Run manager -> node: your <see cref="RegisterNode"/> was heard. A node that hears none for a while is not ready.</summary>
public sealed record NodeRegistered : IProtocolMessage;

/// <summary>Joining node -> node: where do you take tensors? Answered with <see cref="TensorsAnswered"/>.</summary>
/// <remarks>Who joins tries that address first: its handshake tells whether the two have the same version and the same secret. Lost: asked again.</remarks>
public sealed record AskTensors : IProtocolMessage;

/// <summary>Node -> joining node: where it takes tensors.</summary>
/// <param name="Address"><c>host:port</c>.</param>
public sealed record TensorsAnswered(string Address) : IProtocolMessage;

/// <summary>Client -> cluster: what is there to train on, and what was trained last? Answered with <see cref="ClusterData"/>.</summary>
/// <remarks>Lost: asked again.</remarks>
public sealed record AskData : IProtocolMessage;

/// <summary>Cluster -> client: the coordinator's data.</summary>
/// <param name="Refusal">Why there are none; empty if all is well.</param>
/// <param name="Folder">Where the coordinator has it.</param>
/// <param name="ContentHash">Of the training examples.</param>
/// <param name="Examples">Training examples, those for validation included.</param>
/// <param name="InputSize">Inputs of each.</param>
/// <param name="TargetSize">Targets of each: as many as there are classes, or one.</param>
/// <param name="Usual">The run specification, as JSON, that fits such data where nothing else is asked for.</param>
public sealed record ClusterData(
    string Refusal, string Folder, string ContentHash, int Examples, int InputSize, int TargetSize, string Usual) : IProtocolMessage;
