using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DistNet.Neural.Kernels;

/// <summary>Sums of rows along the reduction tree, for some columns; a binary counter as in the gradient's tile.</summary>
internal ref struct ColumnSums<T>(int examples, int microBatchSize, int units, ReadOnlySpan<T> b, Span<T> c) : IElementwise<T>
    where T : unmanaged
{
    private readonly ref T _b = ref MemoryMarshal.GetReference(b);
    private readonly ref T _c = ref MemoryMarshal.GetReference(c);
    private readonly ref T _nodes = ref Scratch<T>.Rent(MaxNodes * MaxLanes);

    private const int MaxNodes = 32;
    private const int MaxLanes = 16;

    public readonly void Apply<TVector, TSimd>(nint index)
        where TVector : struct
        where TSimd : struct, ISimd<TVector, T>
    {
        TVector sum = default;
        var example = 0;
        for (uint finished = 0; example < examples; finished++)
        {
            sum = default;
            for (var end = (int)Math.Min(examples, (long)example + microBatchSize); example < end; example++)
                sum = TSimd.Add(sum, TSimd.Load(ref _b, (nint)example * units + index));
            var node = 0;
            for (var bits = finished; example < examples ? (bits & 1) == 1 : bits != 0; bits >>= 1, node++)
            {
                if ((bits & 1) == 1)
                    sum = TSimd.Add(TSimd.Load(ref _nodes, node * TSimd.Lanes), sum);
            }
            TSimd.Store(sum, ref _nodes, node * TSimd.Lanes);
        }
        TSimd.Store(sum, ref _c, index);
    }
}

/// <summary>sum = left + right, element by element.</summary>
internal ref struct ElementSums<T>(ReadOnlySpan<T> left, ReadOnlySpan<T> right, Span<T> sum) : IElementwise<T>
    where T : unmanaged
{
    private readonly ref T _left = ref MemoryMarshal.GetReference(left);
    private readonly ref T _right = ref MemoryMarshal.GetReference(right);
    private readonly ref T _sum = ref MemoryMarshal.GetReference(sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Apply<TVector, TSimd>(nint index)
        where TVector : struct
        where TSimd : struct, ISimd<TVector, T> =>
        TSimd.Store(TSimd.Add(TSimd.Load(ref _left, index), TSimd.Load(ref _right, index)), ref _sum, index);
}
