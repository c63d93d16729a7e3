using System.Security.Cryptography;
using System.Text;

namespace DistNet.Neural;

/// <summary>Consecutive examples of another set, seen as a set of their own; nothing is copied.</summary>
public sealed class ExampleRange : IExampleSet
{
    private const int BlockSize = 128;

    private readonly IExampleSet _examples;
    private readonly int _first;
    private readonly Lazy<string> _contentHash;

    /// <summary>Sees examples [first, first + count) of a set.</summary>
    /// <param name="examples">The whole set.</param>
    /// <param name="first">Index of the first example of the range.</param>
    /// <param name="count">Examples in the range, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range is empty or not wholly inside the set.</exception>
    public ExampleRange(IExampleSet examples, int first, int count)
    {
        ArgumentNullException.ThrowIfNull(examples);
        if (first < 0 || first >= examples.Count)
            throw new ArgumentOutOfRangeException(nameof(first), first, $"Expected an index from 0 to {examples.Count - 1}.");
        if (count < 1 || count > examples.Count - first)
            throw new ArgumentOutOfRangeException(nameof(count), count, $"Expected 1 to {examples.Count - first} examples after index {first}.");
        (_examples, _first, Count) = (examples, first, count);
        _contentHash = new Lazy<string>(HashContent);
    }

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public int InputSize => _examples.InputSize;

    /// <inheritdoc/>
    public int TargetSize => _examples.TargetSize;

    /// <summary>Names the range's content without reading it: the SHA-256 of "hash first count" in ASCII, hash being the whole set's.</summary>
    /// <remarks>A range that is the whole set has the whole set's hash.</remarks>
    public string ContentHash => _contentHash.Value;

    /// <inheritdoc/>
    public void Gather(ReadOnlySpan<int> indices, Span<float> inputs, Span<float> targets)
    {
        GatherShapes.Check(this, indices.Length, inputs.Length, targets.Length);
        Span<int> block = stackalloc int[BlockSize];
        for (var start = 0; start < indices.Length; start += BlockSize)
        {
            var count = Math.Min(BlockSize, indices.Length - start);
            Shift(indices.Slice(start, count), block);
            _examples.Gather(
                block[..count],
                inputs.Slice(start * InputSize, count * InputSize),
                targets.Slice(start * TargetSize, count * TargetSize));
        }
    }

    private void Shift(ReadOnlySpan<int> indices, Span<int> shifted)
    {
        for (var i = 0; i < indices.Length; i++)
        {
            if ((uint)indices[i] >= (uint)Count)
                throw new ArgumentOutOfRangeException(nameof(indices), indices[i], $"Expected an index from 0 to {Count - 1}.");
            shifted[i] = _first + indices[i];
        }
    }

    private string HashContent() => Count == _examples.Count
        ? _examples.ContentHash
        : Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes($"{_examples.ContentHash} {_first} {Count}")));
}
