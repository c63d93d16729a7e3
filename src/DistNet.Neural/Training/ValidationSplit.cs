namespace DistNet.Neural;

/// <summary>How many of a set's examples are trained on, and how many, the last ones, are kept for validation.</summary>
/// <param name="TrainingCount">The examples [0, TrainingCount).</param>
/// <param name="ValidationCount">The examples after them.</param>
public readonly record struct ValidationSplit(int TrainingCount, int ValidationCount)
{
    /// <summary>Splits a set.</summary>
    /// <param name="exampleCount">Examples in the whole set.</param>
    /// <param name="validationFraction">Share kept for validation, in [0, 1); rounded to whole examples, half away from
    /// zero.</param>
    public static ValidationSplit Of(int exampleCount, double validationFraction)
    {
        var validation = (int)Math.Round(exampleCount * validationFraction, MidpointRounding.AwayFromZero);
        return new ValidationSplit(exampleCount - validation, validation);
    }
}
