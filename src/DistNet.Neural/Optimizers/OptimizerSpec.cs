namespace DistNet.Neural;

/// <summary>An optimizer and its constants.</summary>
public sealed record OptimizerSpec
{
    /// <summary>Step size.</summary>
    public float LearningRate { get; init; } = 0.001f;
}

/// <summary>How the learning rate changes over the steps.</summary>
public sealed record ScheduleSpec
{
    /// <summary>The same rate at each step.</summary>
    public static ScheduleSpec Constant { get; } = new();
}

/// <summary>Where each tensor lies in the parameter vector.</summary>
public sealed class ParameterLayout;
