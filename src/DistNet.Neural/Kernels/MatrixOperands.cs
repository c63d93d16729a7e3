using System.Runtime.InteropServices;

namespace DistNet.Neural.Kernels;

/// <summary>A product's shape and matrices, the spans already checked.</summary>
/// <param name="rows">Rows of C.</param>
/// <param name="inner">Links of each chain.</param>
/// <param name="columns">Columns of C.</param>
/// <param name="a">A.</param>
/// <param name="b">B.</param>
/// <param name="bias">Where the chains start, or empty for 0.</param>
/// <param name="c">C.</param>
internal readonly ref struct MatrixOperands<T>(
    int rows, int inner, int columns, ReadOnlySpan<T> a, ReadOnlySpan<T> b, ReadOnlySpan<T> bias, Span<T> c)
    where T : unmanaged
{
    public readonly int Rows = rows;
    public readonly int Inner = inner;
    public readonly int Columns = columns;
    public readonly ref T A = ref MemoryMarshal.GetReference(a);
    public readonly ref T B = ref MemoryMarshal.GetReference(b);
    public readonly ReadOnlySpan<T> Bias = bias;
    public readonly ref T C = ref MemoryMarshal.GetReference(c);
}
