using System.Collections.Concurrent;
using DistNet.Actors.Transport;

namespace DistNet.Actors;

/// <summary>Takes the frames of a node, and gives them to the run they belong to; those of other runs are refused.</summary>
internal sealed class NodeFrames : IFrameSink
{
    private volatile NodeLinks? _coordinator;
    private volatile NodeLinks? _members;

    // By run.
    private readonly ConcurrentDictionary<long, IncomingPieces> _fetches = new();

    /// <summary>The run whose coordinator lives here; null for none.</summary>
    public void ServeCoordinator(NodeLinks? links) => _coordinator = links;

    /// <summary>The run that workers and shards of this node take part in.</summary>
    public void ServeMembers(NodeLinks links) => _members = links;

    /// <summary>They take part no more. A part that ends late does not take the place of the one that has begun after it.</summary>
    public void LeaveMembers(NodeLinks links) => Interlocked.CompareExchange(ref _members, null, links);

    /// <summary>Pieces of a data set may come for a run.</summary>
    public void BeginFetch(long run, IncomingPieces pieces) => _fetches[run] = pieces;

    /// <summary>No pieces are waited for any more; those that come are refused.</summary>
    public void EndFetch(long run, IncomingPieces pieces) => _fetches.TryRemove(new KeyValuePair<long, IncomingPieces>(run, pieces));

    /// <inheritdoc/>
    public bool TryAccept(in FrameHeader header, ReadOnlySpan<byte> metadata, out PayloadTarget target)
    {
        target = default;
        FrameLabel label = LabelOf(header.Kind, metadata, out _);
        if (header.Kind == FrameKind.DataPiece)
        {
            return header.Element == PayloadElement.Byte
                && _fetches.TryGetValue(label.Run, out IncomingPieces? pieces) && pieces.TryAccept(label, header.Length, out target);
        }
        return Of(header.Kind, label) is { } links && header.Element == PayloadElement.Float && links.TryAccept(header.Kind, label, header.Length, out target);
    }

    /// <inheritdoc/>
    public void Complete(in FrameHeader header, ReadOnlySpan<byte> metadata, in PayloadTarget target)
    {
        FrameLabel label = LabelOf(header.Kind, metadata, out SharedTensor tensor);
        if (header.Kind == FrameKind.DataPiece && _fetches.TryGetValue(label.Run, out IncomingPieces? pieces))
            pieces.Complete(label, header.Length, target);
        else if (Of(header.Kind, label) is { } links)
            links.Complete(header.Kind, label, target, tensor);
        else
            Abandon(header, metadata, target);
    }

    /// <inheritdoc/>
    public void Abandon(in FrameHeader header, ReadOnlySpan<byte> metadata, in PayloadTarget target)
    {
        if (header.Kind == FrameKind.DataPiece)
            IncomingPieces.Abandon(target);
        else
            NodeLinks.Abandon(target);
    }

    private static FrameLabel LabelOf(byte kind, ReadOnlySpan<byte> metadata, out SharedTensor tensor)
    {
        tensor = default;
        if (kind is FrameKind.SharedGradientSum or FrameKind.SharedParameters)
            tensor = SharedTensor.Read(metadata, out metadata);
        return FrameLabel.Read(metadata);
    }

    private NodeLinks? Of(byte kind, in FrameLabel label)
    {
        NodeLinks? links = kind switch
        {
            FrameKind.DataPiece => null,
            FrameKind.Snapshot => _coordinator,
            _ => _members,
        };
        return links?.Run == label.Run ? links : null;
    }
}
