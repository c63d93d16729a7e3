using DistNet.Neural;

namespace DistNet.Actors;

/// <summary>How long a step may take before whoever it waits for is taken for lost: long enough for one slow core to compute all of it, and between nodes
/// for a slow network to carry it.</summary>
internal static class StepDeadlines
{
    // A mini-batch costs about 6 operations for each parameter and example, and a slow core makes this many a second.
    private const double OperationsPerParameterAndExample = 6;
    private const double OperationsPerSecond = 1e9;

    // Sums come in and parameters go out, of the whole vector for each node where every node with workers owns an equal share; 100 Mbit/s carry this much.
    private const double BytesPerParameter = 2 * sizeof(float);
    private const double BytesPerSecond = 1e7;

    /// <summary>Where only a crash can stop a worker, and crashes are heard of.</summary>
    public static TimeSpan InProcess(TrainingSpec spec) => TimeSpan.FromSeconds(60) + ComputeTime(spec);

    /// <summary>Where nodes may be cut off without a word.</summary>
    public static TimeSpan InCluster(TrainingSpec spec) => TimeSpan.FromSeconds(2) + ComputeTime(spec) + TransferTime(spec);

    private static TimeSpan ComputeTime(TrainingSpec spec) => TimeSpan.FromSeconds(
        OperationsPerParameterAndExample * ParameterLayout.For(spec.Network).Count * spec.BatchSize / OperationsPerSecond);

    private static TimeSpan TransferTime(TrainingSpec spec) =>
        TimeSpan.FromSeconds(BytesPerParameter * ParameterLayout.For(spec.Network).Count / BytesPerSecond);
}
