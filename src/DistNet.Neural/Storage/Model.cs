namespace DistNet.Neural;

/// <summary>A trained network with all that evaluation and prediction need.</summary>
public sealed record Model
{
    /// <summary>The run specification it was trained by; <see cref="TrainingSpec.Network"/> says what the parameters mean.</summary>
    public required TrainingSpec Spec { get; init; }

    /// <summary>The data it was trained on.</summary>
    public required DataDescription Data { get; init; }

    /// <summary>Steps made.</summary>
    public required long Version { get; init; }

    /// <summary>The whole parameter vector in <see cref="ParameterLayout"/> order.</summary>
    public required float[] Parameters { get; init; }
}
