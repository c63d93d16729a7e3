using System.Collections.Immutable;

namespace DistNet.Neural;

/// <summary>A tensor to be written to a safetensors file, as F32.</summary>
/// <param name="Name">Unique in the file.</param>
/// <param name="Shape">Sizes, outermost first; their product is the number of values.</param>
/// <param name="Values">Row-major.</param>
public sealed record SafetensorsTensor(string Name, ImmutableArray<int> Shape, ReadOnlyMemory<float> Values);

/// <summary>What the header of a safetensors file says of a tensor; always F32 here.</summary>
/// <param name="Name">Unique in the file.</param>
/// <param name="Shape">Sizes, outermost first.</param>
/// <param name="Offset">Where its bytes begin, from the beginning of the data section.</param>
/// <param name="Length">Values in it, the product of the shape.</param>
public sealed record SafetensorsEntry(string Name, ImmutableArray<int> Shape, long Offset, int Length)
{
    /// <summary>Bytes it takes.</summary>
    public long SizeBytes => (long)Length * sizeof(float);

    /// <summary>The shape as people write it: [784, 512].</summary>
    internal string ShapeText => $"[{string.Join(", ", Shape)}]";
}
