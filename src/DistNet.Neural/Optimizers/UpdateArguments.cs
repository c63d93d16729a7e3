namespace DistNet.Neural;

/// <summary>What an optimizer's formula works on: equally long pieces of one tensor, and the numbers of the step.</summary>
internal readonly ref struct UpdateArguments
{
    public required ReadOnlySpan<float> GradientSum { get; init; }

    public required ReadOnlySpan<float> Current { get; init; }

    public required Span<float> Next { get; init; }

    public required Span<float> FirstSlot { get; init; }

    public required Span<float> SecondSlot { get; init; }

    /// <summary>Divides the gradient sum: by multiplication with the rounded 1 / count, which is exact for powers of two and
    /// saves a division per parameter.</summary>
    public required float ExampleCount { get; init; }

    /// <summary>L2: the gradient of w is g + WeightDecay w; 0 for biases.</summary>
    public required float WeightDecay { get; init; }

    /// <summary>After the schedule.</summary>
    public required float LearningRate { get; init; }

    /// <summary>Number of the step, from 1.</summary>
    public required long Step { get; init; }
}
