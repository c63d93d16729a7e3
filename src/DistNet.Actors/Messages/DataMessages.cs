using DistNet.Protocol;

namespace DistNet.Actors;

/// <summary>Node -> node of the coordinator: do you have this set of training images? Answered with <see cref="DataSetAnswered"/>.</summary>
/// <param name="ContentHash">The set.</param>
/// <param name="Examples">How many images it has.</param>
/// <param name="InputSize">Pixels of each.</param>
/// <param name="TargetSize">Classes.</param>
/// <remarks>Lost: asked again. Twice: answered twice.</remarks>
public sealed record AskDataSet(string ContentHash, int Examples, int InputSize, int TargetSize) : IProtocolMessage;

/// <summary>Node of the coordinator -> node: the shape of the set, so that its pieces can be asked for, or why there are none.</summary>
/// <param name="ContentHash">The set that was asked for.</param>
/// <param name="Rows">Height of an image.</param>
/// <param name="Columns">Width of an image.</param>
/// <param name="Refusal">Why it cannot be had here, one sentence; empty if it can.</param>
/// <remarks>Lost: the question comes again. Late or twice: ignored.</remarks>
public sealed record DataSetAnswered(string ContentHash, int Rows, int Columns, string Refusal) : IProtocolMessage;

/// <summary>Node -> node of the coordinator: send a piece of a set. Answered with a frame, or <see cref="DataSetAnswered"/> with a refusal.</summary>
/// <param name="Run">The run it is for, which the frame names.</param>
/// <param name="ContentHash">The set.</param>
/// <param name="Piece">Which bytes of its content: all pixels, then all labels.</param>
/// <param name="Tensors">Where the asking node takes tensors.</param>
/// <remarks>Lost: asked again. Twice: sent twice, and the second refused by who asked.</remarks>
public sealed record AskDataPiece(long Run, string ContentHash, DataPiece Piece, string Tensors) : IProtocolMessage;
