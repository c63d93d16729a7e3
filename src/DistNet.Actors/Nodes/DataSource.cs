using System.Buffers;
using Akka.Actor;
using DistNet.Actors.Transport;
using DistNet.Neural;

namespace DistNet.Actors;

/// <summary>On each node that may coordinate: sends training images, piece by piece, to nodes that do not have them.</summary>
/// <remarks>It keeps nothing about those who ask. How much is on its way to one is for that one to say, who asks for a few pieces at a time.</remarks>
internal sealed class DataSource : ReceiveActor
{
    /// <summary>Its name on each node.</summary>
    public const string Name = "data-source";

    private readonly NodeOptions _options;
    private readonly TensorTransport _transport;

    // The set that was asked for last.
    private ImageSet? _images;

    public DataSource(NodeOptions options, TensorTransport transport)
    {
        (_options, _transport) = (options, transport);
        Receive<AskDataSet>(Find);
        Receive<Found>(Answer);
        Receive<AskDataPiece>(Send);
    }

    public static Props Props(NodeOptions options, TensorTransport transport) => Akka.Actor.Props.Create(() => new DataSource(options, transport));

    private void Find(AskDataSet ask)
    {
        IActorRef asker = Sender;
        DataDescription wanted = new(ask.ContentHash, ask.Examples, ask.InputSize, ask.TargetSize);
        _options.Data.FindAsync(wanted, CancellationToken.None).PipeTo(
            Self,
            success: set => new Found(asker, ask.ContentHash, set, "it does not have these images"),
            failure: reason => new Found(asker, ask.ContentHash, null, reason.Message));
    }

    private void Answer(Found found)
    {
        if (found.Examples is ImageSet images)
        {
            _images = images;
            found.Asker.Tell(new DataSetAnswered(found.ContentHash, images.Rows, images.Columns, ""));
        }
        else
        {
            found.Asker.Tell(Refusal(found.ContentHash, found.Examples is null ? found.Reason : "its examples are not images, and only images can be sent"));
        }
    }

    private void Send(AskDataPiece ask)
    {
        if (_images?.ContentHash != ask.ContentHash)
            Sender.Tell(Refusal(ask.ContentHash, "it has started anew since it was asked for these images"));
        else if (!ask.Piece.IsWithin(_images.ContentSizeBytes))
            Sender.Tell(Refusal(ask.ContentHash, $"{ask.Piece.Length} bytes at offset {ask.Piece.Offset} are no piece of {_images.ContentSizeBytes} bytes"));
        else if (TensorAddress.TryParse(ask.Tensors, out TensorAddress to))
            Send(_images, ask, to);
    }

    // When too much waits for that node the frame is dropped, and asked for again.
    private void Send(ImageSet images, AskDataPiece ask, TensorAddress to)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(ask.Piece.Length);
        Memory<byte> content = buffer.AsMemory(0, ask.Piece.Length);
        images.CopyContent(ask.Piece.Offset, content.Span);
        FrameLabel label = new(ask.Run, default, 0, ask.Piece.Offset, default, default, ask.ContentHash);
        Span<byte> metadata = stackalloc byte[FrameLabel.MaxBytes];
        _transport.SendBytes(to, FrameKind.DataPiece, label.Write(metadata), content, static sent => ArrayPool<byte>.Shared.Return((byte[])sent!), buffer);
    }

    private static DataSetAnswered Refusal(string contentHash, string reason) => new(contentHash, 0, 0, reason);

    private sealed record Found(IActorRef Asker, string ContentHash, IExampleSet? Examples, string Reason) : INoSerializationVerificationNeeded;
}
