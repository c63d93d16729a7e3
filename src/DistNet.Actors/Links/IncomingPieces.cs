using System.Buffers;
using System.Collections.Concurrent;
using Akka.Actor;
using DistNet.Actors.Transport;
using DistNet.Protocol;

namespace DistNet.Actors;

/// <summary>The pieces of a data set that an actor of this node has asked for. Only those come in, each once; their bytes go to the actor.</summary>
/// <remarks>Each piece is read into memory of its own: one that comes a second time, late, must not overwrite what is in use by then.</remarks>
/// <param name="contentHash">The set.</param>
/// <param name="asker">Hears <see cref="PieceArrived"/>.</param>
internal sealed class IncomingPieces(string contentHash, IActorRef asker)
{
    private readonly ConcurrentDictionary<DataPiece, bool> _wanted = new();

    /// <summary>A piece may come.</summary>
    public void Expect(DataPiece piece) => _wanted[piece] = true;

    /// <summary>Whether a frame may come in, and where its bytes go.</summary>
    public bool TryAccept(in FrameLabel label, int length, out PayloadTarget target)
    {
        target = default;
        if (label.Text != contentHash || !_wanted.ContainsKey(new DataPiece(label.Version, length)))
            return false;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(length);
        target = PayloadTarget.OfBytes(buffer.AsMemory(0, length), buffer);
        return true;
    }

    /// <summary>A piece is here.</summary>
    public void Complete(in FrameLabel label, int length, in PayloadTarget target)
    {
        DataPiece piece = new(label.Version, length);
        if (_wanted.TryRemove(piece, out _))
            asker.Tell(new PieceArrived(piece, (byte[])target.Owner!));
        else
            Abandon(target);
    }

    /// <summary>A piece that was to come does not, or is not wanted any more.</summary>
    public static void Abandon(in PayloadTarget target) => ArrayPool<byte>.Shared.Return((byte[])target.Owner!);
}

/// <summary>Transport -> who asked, in one process: a piece, in a buffer to be given back to the shared pool.</summary>
internal sealed record PieceArrived(DataPiece Piece, byte[] Buffer) : INoSerializationVerificationNeeded;
