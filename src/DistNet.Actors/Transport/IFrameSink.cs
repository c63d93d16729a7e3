namespace DistNet.Actors.Transport;

/// <summary>Takes what other nodes send. Frames of one peer come one after the other, those of different peers at the same time.</summary>
/// <remarks>
/// The calls come on the thread that reads the connection: quick work only, for no byte of that peer is read meanwhile. Metadata is valid
/// during the call. An exception closes the connection and is logged; throw <see cref="InvalidDataException"/> for metadata that makes no sense.
/// </remarks>
public interface IFrameSink
{
    /// <summary>A frame is about to arrive: its header and metadata are sound, none of its payload was read, no memory was taken for it.</summary>
    /// <param name="header">Who sends, what kind, how long.</param>
    /// <param name="metadata">At most <see cref="TensorTransport.MaxMetadataBytes"/> bytes.</param>
    /// <param name="target">The memory to read the payload into, of the frame's element and length.</param>
    /// <returns>False to have the payload skipped; the frame is counted and heard of no more.</returns>
    bool TryAccept(in FrameHeader header, ReadOnlySpan<byte> metadata, out PayloadTarget target);

    /// <summary>An accepted frame has arrived whole, its checksum right; the memory is the sink's again.</summary>
    void Complete(in FrameHeader header, ReadOnlySpan<byte> metadata, in PayloadTarget target);

    /// <summary>An accepted frame will not arrive, because its connection broke or its checksum was wrong; the memory, partly overwritten, is
    /// the sink's again.</summary>
    void Abandon(in FrameHeader header, ReadOnlySpan<byte> metadata, in PayloadTarget target);
}
