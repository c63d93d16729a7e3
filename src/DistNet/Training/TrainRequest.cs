using DistNet.Neural;

namespace DistNet;

/// <summary>What `distnet train` was asked for.</summary>
internal sealed record TrainRequest
{
    /// <summary>The data.</summary>
    public required DataRequest Data { get; init; }

    /// <summary>Folder of the runs.</summary>
    public required string RunsDirectory { get; init; }

    /// <summary>The run to go on with, or null to begin one.</summary>
    public required RunFolder? Resumed { get; init; }

    /// <summary>The specification for the data that was found.</summary>
    public required Func<LoadedData, TrainingSpec> SpecFor { get; init; }

    /// <summary>How the run is made.</summary>
    public required EngineSettings Engine { get; init; }

    /// <summary>What befalls the processes of the cluster; null for nothing.</summary>
    public int? ChaosSeed { get; init; }

    /// <summary>Whether the result goes to standard output as one line, and all else to standard error.</summary>
    public required bool Json { get; init; }

    /// <summary>Refuses to go on with a run that has ended.</summary>
    /// <exception cref="UsageException">It has.</exception>
    public static void RequireUnfinished(RunFolder run)
    {
        if (run.ReadResult() is not null)
            throw new UsageException($"run {run.Id} is complete, there is nothing to resume; look at it with 'distnet runs show {run.Id}'");
    }
}
