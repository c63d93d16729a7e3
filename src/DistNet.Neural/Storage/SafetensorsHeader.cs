using System.Collections.Immutable;
using System.Text.Json;

namespace DistNet.Neural;

/// <summary>The JSON header of a safetensors file, read strictly.</summary>
/// <param name="Metadata">The string map <c>__metadata__</c>.</param>
/// <param name="Entries">The tensors in the order of their bytes.</param>
internal sealed record SafetensorsHeader(ImmutableDictionary<string, string> Metadata, ImmutableArray<SafetensorsEntry> Entries)
{
    public const string MetadataName = "__metadata__";

    private const int PrefixSizeBytes = 8; // the header's length comes first, so it begins here
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>Reads the header and makes sure that its tensors fill the data section without gap or overlap.</summary>
    /// <param name="path">Named in errors.</param>
    /// <param name="json">The header's bytes.</param>
    /// <param name="dataSizeBytes">Bytes of the file after the header.</param>
    /// <exception cref="InvalidDataException">The header is damaged or does not describe the file.</exception>
    public static SafetensorsHeader Parse(string path, ReadOnlyMemory<byte> json, long dataSizeBytes)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            var root = new JsonFields(path, document.RootElement);
            var header = new SafetensorsHeader(ReadMetadata(root), [.. ReadEntries(root).OrderBy(entry => entry.Offset).ThenBy(entry => entry.Length)]);
            header.CheckOffsets(path, PrefixSizeBytes + json.Length, dataSizeBytes);
            return header;
        }
        catch (Exception damage) when (JsonFields.IsDamage(damage))
        {
            var offset = PrefixSizeBytes + ((damage as JsonException)?.BytePositionInLine ?? 0);
            throw FileDamage.At(path, offset, "a JSON header", "something else", FileDamage.UseEarlier, damage);
        }
    }

    private static ImmutableDictionary<string, string> ReadMetadata(JsonFields root) => root.Has(MetadataName)
        ? root.Object(MetadataName).All().ToImmutableDictionary(field => field.Name, field => field.String())
        : ImmutableDictionary<string, string>.Empty;

    private static IEnumerable<SafetensorsEntry> ReadEntries(JsonFields root) =>
        root.All().Where(field => field.Name != MetadataName).Select(field => ReadEntry(field.Name, field.Object()));

    private static SafetensorsEntry ReadEntry(string name, JsonFields tensor)
    {
        tensor.Only("dtype", "shape", "data_offsets");
        if (tensor.String("dtype") is var type and not "F32")
            throw tensor.Wrong($"tensor {name} of dtype F32", type);
        var offsets = tensor.Integers("data_offsets");
        if (offsets is not [>= 0 and var begin, var end] || end < begin)
            throw tensor.Wrong($"two ascending data_offsets of tensor {name}", $"[{string.Join(", ", offsets)}]");
        var (shape, length) = ReadShape(name, tensor);
        if ((long)length * sizeof(float) != end - begin)
            throw tensor.Wrong($"{(long)length * sizeof(float)} bytes in tensor {name}, as its shape says", $"{end - begin} bytes");
        return new SafetensorsEntry(name, shape, begin, length);
    }

    private static (ImmutableArray<int> Shape, int Length) ReadShape(string name, JsonFields tensor)
    {
        var sizes = tensor.Integers("shape");
        Int128 length = 1;
        foreach (var size in sizes)
        {
            length *= size;
            if (size is < 0 or > int.MaxValue || length > Array.MaxLength) // checked at each size, so the product cannot overflow
                throw tensor.Wrong($"a shape of at most {Array.MaxLength} values for tensor {name}", $"[{string.Join(", ", sizes)}]");
        }
        return ([.. sizes.Select(size => (int)size)], (int)length);
    }

    private void CheckOffsets(string path, long dataOffset, long dataSizeBytes)
    {
        long next = 0;
        foreach (var entry in Entries)
        {
            if (entry.Offset != next)
            {
                var expected = $"tensor {entry.Name} at data offset {next}, without gap or overlap";
                throw FileDamage.At(path, dataOffset + next, expected, $"data offset {entry.Offset}", FileDamage.UseEarlier);
            }
            next += entry.SizeBytes;
        }
        if (next != dataSizeBytes)
        {
            var end = dataOffset + Math.Min(next, dataSizeBytes);
            throw FileDamage.At(path, end, $"{next} bytes of data, as the header says", $"{dataSizeBytes}", FileDamage.UseEarlier);
        }
    }
}
