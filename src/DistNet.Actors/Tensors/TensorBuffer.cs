using DistNet.Neural.Kernels;

namespace DistNet.Actors;

/// <summary>A float vector that is handed from one actor to several others and comes back to its pool when the last of them lets go.</summary>
/// <remarks>Whoever receives it reads it and calls <see cref="Release"/> once. A buffer that is never released is collected like any object.</remarks>
public sealed class TensorBuffer
{
    // Null for a vector that another process has lent.
    private readonly TensorPool? _pool;
    private int _holders;

    internal TensorBuffer(TensorPool pool, int length, bool isShared)
    {
        _pool = pool;
        Shared = isShared ? SharedVector.TryCreate(length) : null;
        Memory = Shared?.Memory ?? new AlignedVector<float>(length).Memory;
    }

    private TensorBuffer(SharedVector borrowed) => (Shared, Memory, _holders) = (borrowed, borrowed.Memory, 1);

    /// <summary>The elements, as long as the pool's vectors are.</summary>
    public Span<float> Span => Memory.Span;

    /// <summary>The elements, to be kept until the release.</summary>
    public Memory<float> Memory { get; }

    /// <summary>The vector as other processes of this machine can map it, or null.</summary>
    internal SharedVector? Shared { get; }

    /// <summary>A vector that another process has lent to this one; the release gives it back.</summary>
    internal static TensorBuffer Borrow(SharedVector vector) => new(vector);

    /// <summary>One holder is done; after the last one the buffer may be written again.</summary>
    /// <exception cref="InvalidOperationException">It was released more often than it was handed over.</exception>
    public void Release()
    {
        int left = Interlocked.Decrement(ref _holders);
        if (left < 0)
            throw new InvalidOperationException("A tensor buffer was released more often than it was handed over.");
        if (left > 0)
            return;
        if (_pool is null)
            Shared!.GiveBack();
        else
            _pool.Return(this);
    }

    internal void Lend(int holders) => Volatile.Write(ref _holders, holders);
}
