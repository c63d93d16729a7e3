namespace DistNet.Protocol;

/// <summary>What <see cref="LedgerAudit"/> found.</summary>
public sealed record AuditReport
{
    /// <summary>The run's id, or empty if the ledger does not say.</summary>
    public required string RunId { get; init; }

    /// <summary>Steps [0, Steps) are what the audit is about: those that count, made by every shard.</summary>
    public required long Steps { get; init; }

    /// <summary>Records of steps that were made, lost with their shard's state, and made again.</summary>
    public required long SupersededRecords { get; init; }

    /// <summary>Gradient sums that came a second time and were not added.</summary>
    public required long Duplicates { get; init; }

    /// <summary>Gradient sums that came too late and were not added.</summary>
    public required long Stale { get; init; }

    /// <summary>Micro-batches that count though their worker did not hold their lease: it helped a slow one. Once for each shard that used its sum.</summary>
    public required long Helped { get; init; }

    /// <summary>Times the work was leased.</summary>
    public required int Generations { get; init; }

    /// <summary>Times the shards went back to a checkpoint, the run's beginning not included.</summary>
    public required int RollBacks { get; init; }

    /// <summary>The epochs begun, in order.</summary>
    public required IReadOnlyList<EpochAudit> Epochs { get; init; }

    /// <summary>Each worker the run ever had.</summary>
    public required IReadOnlyList<WorkerAudit> Workers { get; init; }

    /// <summary>How the run ended or failed, or null if it goes on or was cut off.</summary>
    public required LedgerEvent? End { get; init; }

    /// <summary>What is not as it must be, one sentence each; at most
    /// <see cref="LedgerAudit.ViolationLimit"/>. Empty: every example was counted exactly once.</summary>
    public required IReadOnlyList<string> Violations { get; init; }
}

/// <summary>An epoch in an audit.</summary>
/// <param name="Epoch">Which, from 1.</param>
/// <param name="Steps">Steps that count.</param>
/// <param name="Examples">Examples that every shard counted exactly once.</param>
/// <param name="IsComplete">Whether all its steps were made, so that Examples must be all there are.</param>
public sealed record EpochAudit(int Epoch, int Steps, int Examples, bool IsComplete);

/// <summary>A worker in an audit.</summary>
/// <param name="Address">Its address.</param>
/// <param name="MicroBatches">Micro-batches it computed that count, once for each shard that used its sum.</param>
public sealed record WorkerAudit(string Address, long MicroBatches);
