using System.Buffers;
using System.IO.MemoryMappedFiles;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace DistNet.Actors;

/// <summary>A float vector in memory that other processes of this machine map: a tensor is handed to them by telling where it lies.</summary>
/// <remarks>
/// Before the elements lies a page with the token, the number of borrowers in other processes, and the number of times that its content began to change.
/// A process that dies with something borrowed never gives it back: its lender does not use that memory again. The mapping has a finalizer, as every
/// handle has: whoever holds a span of the vector holds the vector.
/// </remarks>
internal sealed unsafe class SharedVector : MemoryManager<float>
{
    private const int HeadBytes = 4096;

    // Each in a cache line of its own.
    private const int BorrowersAt = 64;
    private const int ChangesAt = 128;

    private readonly int _length;
    private readonly SafeFileHandle _memory;
    private readonly MemoryMappedFile _mapping;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _head;
    private readonly MemoryPressure _pressure;

    private SharedVector(SafeFileHandle memory, int length)
    {
        (_memory, _length) = (memory, length);
        _mapping = MemoryMappedFile.CreateFromFile(memory, null, 0, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: false);
        _view = _mapping.CreateViewAccessor();
        _head = (byte*)_view.SafeMemoryMappedViewHandle.DangerousGetHandle();
        _pressure = new MemoryPressure(BytesOf(length));
    }

    /// <summary>Where others find it.</summary>
    public MemoryReference Reference { get; private init; }

    /// <summary>Elements.</summary>
    public int Length => _length;

    /// <summary>Whether another process still reads what was lent to it.</summary>
    public bool IsBorrowed => Volatile.Read(ref *(int*)(_head + BorrowersAt)) > 0;

    /// <summary>How often its content began to change: what was copied between two equal readings is whole.</summary>
    public long Changes => Volatile.Read(ref *(long*)(_head + ChangesAt));

    /// <summary>A vector of zeros, or null where the system gives no such memory.</summary>
    public static SharedVector? TryCreate(int length)
    {
        try
        {
            return Create(length);
        }
        catch (IOException)
        {
            return null; // whoever asked takes memory of its own, which goes through TCP
        }
    }

    /// <summary>A vector of zeros.</summary>
    /// <exception cref="IOException">The system gives no memory.</exception>
    public static SharedVector Create(int length)
    {
        SafeFileHandle memory = SharedMemory.Create(BytesOf(length));
        Guid token = new(RandomNumberGenerator.GetBytes(16));
        SharedVector vector = new(memory, length) { Reference = new MemoryReference(Environment.ProcessId, (int)memory.DangerousGetHandle(), token) };
        token.TryWriteBytes(new Span<byte>(vector._head, HeadBytes));
        return vector;
    }

    /// <summary>Another process's vector.</summary>
    /// <inheritdoc cref="SharedMemory.Open" path="/exception"/>
    public static SharedVector Open(in MemoryReference reference, int length)
    {
        SharedVector vector = new(SharedMemory.Open(reference.Process, reference.Descriptor, BytesOf(length)), length) { Reference = reference };
        if (new Guid(new ReadOnlySpan<byte>(vector._head, 16)) == reference.Token)
            return vector;
        ((IDisposable)vector).Dispose();
        throw new InvalidDataException($"Process {reference.Process} has other memory under number {reference.Descriptor} than was announced.");
    }

    /// <summary>One more borrower in another process, which is yet to be told.</summary>
    public void Lend() => Interlocked.Increment(ref *(int*)(_head + BorrowersAt));

    /// <summary>A borrower is done.</summary>
    public void GiveBack() => Interlocked.Decrement(ref *(int*)(_head + BorrowersAt));

    /// <summary>The content is about to change. A full barrier: nobody sees the change before the count.</summary>
    public void BeginChange() => Interlocked.Increment(ref *(long*)(_head + ChangesAt));

    /// <summary>Has this vector show a range of another, as if it had been copied, now and whenever the other
    /// changes. Not to be written until <see cref="Own"/>.</summary>
    /// <returns>The elements that it shows: whole pages, so that up to a page's worth of elements at either end of the range is still to be copied.</returns>
    public Range Show(SharedVector other, int offset, int length) => Map(other._memory, offset, length, mayWrite: false);

    /// <summary>Has a range hold elements of this vector again, of undefined content.</summary>
    public void Own(int offset, int length) => Map(_memory, offset, length, mayWrite: true);

    /// <inheritdoc/>
    public override Span<float> GetSpan() => new(_head + HeadBytes, _length);

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0) => new((float*)(_head + HeadBytes) + elementIndex, default, this);

    /// <inheritdoc/>
    public override void Unpin()
    {
        // It never moves.
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _view.Dispose();
        _mapping.Dispose();
        _memory.Dispose();
        _pressure.Dispose();
    }

    // Every vector has its elements at the same place in its memory, so pages take each other's places.
    private Range Map(SafeFileHandle memory, int offset, int length, bool mayWrite)
    {
        long page = Environment.SystemPageSize;
        long first = (BytesOf(offset) + page - 1) / page * page;
        long end = BytesOf(offset + length) / page * page;
        if (end <= first)
            return offset..offset;
        SharedMemory.MapAt((nint)(_head + first), end - first, memory, first, mayWrite);
        return (int)((first - HeadBytes) / sizeof(float))..(int)((end - HeadBytes) / sizeof(float));
    }

    private static long BytesOf(int length) => HeadBytes + (long)length * sizeof(float);
}
