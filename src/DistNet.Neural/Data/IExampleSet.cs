namespace DistNet.Neural;

/// <summary>Labelled examples that can be gathered into a mini-batch in any order.</summary>
/// <remarks>Implementations are immutable and safe to read from many threads.</remarks>
public interface IExampleSet
{
    /// <summary>Examples in the set.</summary>
    int Count { get; }

    /// <summary>Inputs per example.</summary>
    int InputSize { get; }

    /// <summary>Targets per example (10 for one-hot digits).</summary>
    int TargetSize { get; }

    /// <summary>SHA-256, lower-case hexadecimal, of the examples' content: what a run specification means by "the same data".</summary>
    string ContentHash { get; }

    /// <summary>Copies examples into a mini-batch.</summary>
    /// <param name="indices">Which examples, in the order wanted.</param>
    /// <param name="inputs">indices.Length x InputSize, row-major; overwritten.</param>
    /// <param name="targets">indices.Length x TargetSize, row-major; overwritten.</param>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An index is outside the set.</exception>
    void Gather(ReadOnlySpan<int> indices, Span<float> inputs, Span<float> targets);
}
