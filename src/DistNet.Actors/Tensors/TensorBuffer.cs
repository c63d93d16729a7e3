namespace DistNet.Actors;

/// <summary>A float vector that is handed from one actor to several others and comes back to its pool when the last of them lets go.</summary>
/// <remarks>Whoever receives it reads it and calls <see cref="Release"/> once. A buffer that is never released is collected like any object.</remarks>
public sealed class TensorBuffer
{
    private readonly TensorPool _pool;
    private readonly AlignedVector _elements;
    private int _holders;

    internal TensorBuffer(TensorPool pool, int length)
    {
        _pool = pool;
        _elements = new AlignedVector(length);
    }

    /// <summary>The elements, as long as the pool's vectors are.</summary>
    public Span<float> Span => _elements.Span;

    /// <summary>The same elements, for a socket that reads or writes them later.</summary>
    public Memory<float> Memory => _elements.Memory;

    /// <summary>One holder is done; after the last one the buffer may be written again.</summary>
    /// <exception cref="InvalidOperationException">It was released more often than it was handed over.</exception>
    public void Release()
    {
        int left = Interlocked.Decrement(ref _holders);
        if (left < 0)
            throw new InvalidOperationException("A tensor buffer was released more often than it was handed over.");
        if (left == 0)
            _pool.Return(this);
    }

    internal void Lend(int holders) => Volatile.Write(ref _holders, holders);
}
