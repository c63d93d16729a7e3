namespace DistNet.Neural;

/// <summary>The check that every <see cref="IExampleSet.Gather"/> begins with.</summary>
internal static class GatherShapes
{
    /// <summary>Makes sure that both spans fit the examples asked for.</summary>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    public static void Check(IExampleSet examples, int count, int inputs, int targets)
    {
        if (inputs != (long)count * examples.InputSize)
            throw new ArgumentException($"Expected {count} x {examples.InputSize} inputs, got {inputs}.", nameof(inputs));
        if (targets != (long)count * examples.TargetSize)
            throw new ArgumentException($"Expected {count} x {examples.TargetSize} targets, got {targets}.", nameof(targets));
    }
}
