using System.Buffers.Binary;
using System.Security.Cryptography;

namespace DistNet.Neural;

/// <summary>Examples held as numbers: any inputs and any targets, for regression as for classes.</summary>
/// <remarks>Immutable: the arrays handed to the constructor belong to the set.</remarks>
public sealed class ArrayExampleSet : IExampleSet
{
    private readonly float[] _inputs; // Count x InputSize
    private readonly float[] _targets; // Count x TargetSize
    private readonly Lazy<string> _contentHash;

    /// <summary>Makes a set; the arrays are kept, not copied.</summary>
    /// <param name="inputs">Examples x inputSize, row-major, finite.</param>
    /// <param name="inputSize">Inputs per example, at least 1.</param>
    /// <param name="targets">Examples x targetSize, row-major, finite.</param>
    /// <param name="targetSize">Targets per example, at least 1.</param>
    /// <exception cref="ArgumentException">There are no examples, the arrays do not hold equally many, or a number is not finite.</exception>
    public ArrayExampleSet(float[] inputs, int inputSize, float[] targets, int targetSize)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentOutOfRangeException.ThrowIfLessThan(inputSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(targetSize, 1);
        (_inputs, InputSize, _targets, TargetSize) = (inputs, inputSize, targets, targetSize);
        Count = inputs.Length / inputSize;
        if (Count == 0 || inputs.Length != (long)Count * inputSize || targets.Length != (long)Count * targetSize)
        {
            throw new ArgumentException(
                $"Expected as many rows of {inputSize} inputs as of {targetSize} targets (at least 1), got {inputs.Length} and {targets.Length} numbers.");
        }

        if (inputs.Concat(targets).Any(number => !float.IsFinite(number)))
            throw new ArgumentException("Expected finite numbers, got one that is not.");
        _contentHash = new Lazy<string>(HashContent);
    }

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public int InputSize { get; }

    /// <inheritdoc/>
    public int TargetSize { get; }

    /// <summary>SHA-256 over count, input size and target size as little-endian 32-bit numbers, then all
    /// inputs, then all targets, as little-endian float32.</summary>
    public string ContentHash => _contentHash.Value;

    /// <inheritdoc/>
    public void Gather(ReadOnlySpan<int> indices, Span<float> inputs, Span<float> targets)
    {
        GatherShapes.Check(this, indices.Length, inputs.Length, targets.Length);
        for (var i = 0; i < indices.Length; i++)
        {
            if ((uint)indices[i] >= (uint)Count)
                throw new ArgumentOutOfRangeException(nameof(indices), indices[i], $"Expected an index from 0 to {Count - 1}.");
            _inputs.AsSpan(indices[i] * InputSize, InputSize).CopyTo(inputs[(i * InputSize)..]);
            _targets.AsSpan(indices[i] * TargetSize, TargetSize).CopyTo(targets[(i * TargetSize)..]);
        }
    }

    private string HashContent()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> shape = stackalloc byte[12];
        BinaryPrimitives.WriteInt32LittleEndian(shape, Count);
        BinaryPrimitives.WriteInt32LittleEndian(shape[4..], InputSize);
        BinaryPrimitives.WriteInt32LittleEndian(shape[8..], TargetSize);
        hash.AppendData(shape);
        LittleEndianFloats.Send(_inputs, hash.AppendData);
        LittleEndianFloats.Send(_targets, hash.AppendData);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
