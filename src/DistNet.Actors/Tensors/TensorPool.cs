namespace DistNet.Actors;

/// <summary>Vectors of one length, used again and again: a steady state allocates none.</summary>
/// <param name="length">Elements of each vector.</param>
/// <param name="isShared">Whether other processes of this machine can be lent them.</param>
public sealed class TensorPool(int length, bool isShared = false)
{
    // A vector that another process has kept over so many loans of others will not come back: that process has died, or was never told of it.
    private const int MostLoans = 64;

    private readonly Stack<TensorBuffer> _idle = [];

    // Released in this process and borrowed by another, with the number of loans at that time.
    private readonly List<(TensorBuffer Buffer, long Loans)> _away = [];
    private readonly Lock _gate = new();
    private long _loans;

    /// <summary>A vector whose content is undefined.</summary>
    /// <param name="holders">How many times it will be released before it comes back.</param>
    public TensorBuffer Rent(int holders)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(holders, 1);
        TensorBuffer? buffer;
        lock (_gate)
        {
            _loans++;
            TakeBack();
            _idle.TryPop(out buffer);
        }
        buffer ??= new TensorBuffer(this, length, isShared);
        buffer.Lend(holders);
        return buffer;
    }

    internal void Return(TensorBuffer buffer)
    {
        lock (_gate)
        {
            if (buffer.Shared is { IsBorrowed: true })
                _away.Add((buffer, _loans));
            else
                _idle.Push(buffer);
        }
    }

    // What is given up is collected, and nobody writes to it again: its memory goes when the other process maps it no more.
    private void TakeBack()
    {
        for (int i = _away.Count - 1; i >= 0; i--)
        {
            (TensorBuffer buffer, long loans) = _away[i];
            bool isBack = !buffer.Shared!.IsBorrowed;
            if (isBack)
                _idle.Push(buffer);
            if (isBack || _loans - loans > MostLoans)
                _away.RemoveAt(i);
        }
    }
}
