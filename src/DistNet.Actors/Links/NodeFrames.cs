using DistNet.Actors.Transport;

namespace DistNet.Actors;

/// <summary>Takes the frames of a node, and gives them to the run they belong to; those of other runs are refused.</summary>
internal sealed class NodeFrames : IFrameSink
{
    private volatile NodeLinks? _coordinator;
    private volatile NodeLinks? _members;

    /// <summary>The run whose coordinator lives here; null for none.</summary>
    public void ServeCoordinator(NodeLinks? links) => _coordinator = links;

    /// <summary>The run that workers and shards of this node take part in; null for none.</summary>
    public void ServeMembers(NodeLinks? links) => _members = links;

    /// <inheritdoc/>
    public bool TryAccept(in FrameHeader header, ReadOnlySpan<byte> metadata, out PayloadTarget target)
    {
        target = default;
        FrameLabel label = FrameLabel.Read(metadata);
        return Of(header.Kind, label) is { } links && header.Element == PayloadElement.Float && links.TryAccept(header.Kind, label, header.Length, out target);
    }

    /// <inheritdoc/>
    public void Complete(in FrameHeader header, ReadOnlySpan<byte> metadata, in PayloadTarget target)
    {
        FrameLabel label = FrameLabel.Read(metadata);
        if (Of(header.Kind, label) is { } links)
            links.Complete(header.Kind, label, target);
        else
            NodeLinks.Abandon(target);
    }

    /// <inheritdoc/>
    public void Abandon(in FrameHeader header, ReadOnlySpan<byte> metadata, in PayloadTarget target) => NodeLinks.Abandon(target);

    private NodeLinks? Of(byte kind, in FrameLabel label) =>
        (kind == FrameKind.Snapshot ? _coordinator : _members) is { } links && links.Run == label.Run ? links : null;
}
