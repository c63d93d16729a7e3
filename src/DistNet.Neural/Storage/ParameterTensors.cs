using System.Collections.Immutable;

namespace DistNet.Neural;

/// <summary>The parameter vector, or a vector of the same layout, as the named tensors of a file.</summary>
internal static class ParameterTensors
{
    /// <summary>One tensor for each of the layout's; they share the vector's memory.</summary>
    /// <param name="layout">Where each tensor lies.</param>
    /// <param name="vector">As long as the layout.</param>
    /// <param name="prefix">Comes before each name; empty for the parameters themselves.</param>
    /// <exception cref="ArgumentException">The vector has another length than the layout.</exception>
    public static IEnumerable<SafetensorsTensor> Of(ParameterLayout layout, float[] vector, string prefix)
    {
        if (vector.Length != layout.Count)
            throw new ArgumentException($"Expected {layout.Count} numbers for {(prefix.Length == 0 ? "the parameters" : prefix)}, got {vector.Length}.", nameof(vector));
        return layout.Tensors.Select(tensor =>
            new SafetensorsTensor(prefix + tensor.Name, Shape(tensor), vector.AsMemory(tensor.Offset, tensor.Length)));
    }

    /// <summary>Reads a vector of the layout from a file.</summary>
    /// <param name="path">The file, named in errors.</param>
    /// <param name="file">The file, open.</param>
    /// <param name="layout">Where each tensor goes.</param>
    /// <param name="prefix">Comes before each name; empty for the parameters themselves.</param>
    /// <exception cref="InvalidDataException">A tensor is missing or has another shape.</exception>
    public static float[] Read(string path, SafetensorsReader file, ParameterLayout layout, string prefix)
    {
        var entries = file.Entries.ToDictionary(entry => entry.Name);
        var vector = GC.AllocateUninitializedArray<float>(layout.Count);
        foreach (var tensor in layout.Tensors)
        {
            var name = prefix + tensor.Name;
            if (!entries.TryGetValue(name, out var entry))
                throw FileDamage.Whole(path, $"a tensor {name}, as its specification says", "none", FileDamage.UseEarlier);
            if (!entry.Shape.SequenceEqual(Shape(tensor)))
            {
                var expected = $"tensor {name} with shape [{string.Join(", ", Shape(tensor))}], as its specification says";
                throw FileDamage.Whole(path, expected, entry.ShapeText, FileDamage.UseEarlier);
            }
            file.Read(entry, vector.AsSpan(tensor.Offset, tensor.Length));
        }
        return vector;
    }

    /// <summary>Refuses tensors that nobody would read.</summary>
    /// <exception cref="InvalidDataException">The file has another number of tensors.</exception>
    public static void CheckCount(string path, SafetensorsReader file, int expected)
    {
        if (file.Entries.Length != expected)
            throw FileDamage.Whole(path, $"{expected} tensors, as its specification says", $"{file.Entries.Length}", FileDamage.UseEarlier);
    }

    private static ImmutableArray<int> Shape(ParameterTensor tensor) => tensor.IsKernel ? [tensor.Rows, tensor.Columns] : [tensor.Columns];
}
