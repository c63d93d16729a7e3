namespace DistNet.Actors;

/// <summary>Vectors of one length, used again and again: a steady state allocates none.</summary>
/// <param name="length">Elements of each vector.</param>
public sealed class TensorPool(int length)
{
    private readonly Stack<TensorBuffer> _idle = [];
    private readonly Lock _gate = new();

    /// <summary>A vector whose content is undefined.</summary>
    /// <param name="holders">How many times it will be released before it comes back.</param>
    public TensorBuffer Rent(int holders)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(holders, 1);
        TensorBuffer? buffer;
        lock (_gate)
            _idle.TryPop(out buffer);
        buffer ??= new TensorBuffer(this, length);
        buffer.Lend(holders);
        return buffer;
    }

    internal void Return(TensorBuffer buffer)
    {
        lock (_gate)
            _idle.Push(buffer);
    }
}
