using DistNet.Neural;

namespace DistNet.Actors.Tests;

/// <summary>Examples that count how often they are gathered, which a worker does once a step, and let something happen at a certain time.</summary>
internal sealed class EventfulExamples(IExampleSet examples) : IExampleSet
{
    private int _gathered;

    /// <summary>What happens before the n-th gathering, from 1, on the worker's thread.</summary>
    public Dictionary<int, Action> Before { get; } = [];

    /// <summary>An example whose first input is not a number, or -1.</summary>
    public int Poisoned { get; init; } = -1;

    public int Count => examples.Count;

    public int InputSize => examples.InputSize;

    public int TargetSize => examples.TargetSize;

    public string ContentHash => examples.ContentHash;

    public void Gather(ReadOnlySpan<int> indices, Span<float> inputs, Span<float> targets)
    {
        if (Before.TryGetValue(Interlocked.Increment(ref _gathered), out Action? happens))
            happens();
        examples.Gather(indices, inputs, targets);
        if (indices.IndexOf(Poisoned) is var at and >= 0)
            inputs[at * InputSize] = float.NaN;
    }
}
