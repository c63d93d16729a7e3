using DistNet.Protocol;

namespace DistNet.Actors;

/// <summary>Parameter shard -> coordinator: steps it made, for the ledger. Sent before what follows
/// from them is: a report of the version, a snapshot.</summary>
/// <param name="RestoredAt">The restore that gave the shard its state; steps from before another one are undone.</param>
/// <param name="Shard">Which shard.</param>
/// <param name="Workers">Addresses of the workers that the steps number.</param>
/// <param name="Steps">At most <see cref="StepLog.BatchSize"/>, as the ledger writes them.</param>
/// <remarks>Lost: the next one shows the gap, or a checkpoint waits for it, and
/// <see cref="RepeatSteps"/> brings it. Twice or late: known by its versions.</remarks>
public sealed record ReportSteps(Generation RestoredAt, int Shard, IReadOnlyList<string> Workers, byte[] Steps) : IProtocolMessage
{
    /// <summary>The steps of a shard's log.</summary>
    internal static ReportSteps Of(Generation restoredAt, int shard, StepLog log)
    {
        StepBatch batch = log.Take();
        return new ReportSteps(restoredAt, shard, batch.Workers, LedgerBytes.Write(new StepsRecorded(shard, batch.Steps)));
    }

    /// <summary>The steps, with the workers numbered as in the ledger.</summary>
    /// <exception cref="InvalidDataException">They are none, or name a worker that never had a lease.</exception>
    internal StepsRecorded Read(WorkerTable ledger)
    {
        if (Workers is null || Steps is null)
            throw new InvalidDataException($"Parameter shard {Shard} reported no steps.");
        if (LedgerBytes.Read(Steps, LedgerBytes.StepsManifest) is not StepsRecorded steps || steps.Shard != Shard)
            throw new InvalidDataException($"Parameter shard {Shard} reported the steps of another.");
        foreach (StepRecord step in steps.Steps)
            for (int i = 0; i < step.Sums.Length; i++)
                step.Sums[i] = step.Sums[i] with { Worker = ledger.NumberOf(Workers[step.Sums[i].Worker]) };
        return steps;
    }
}

/// <summary>Keeper of the ledger -> parameter shard: the steps before a version are safe; they need not be kept.</summary>
/// <param name="RestoredAt">The restore after which they were made.</param>
/// <param name="Version">The version.</param>
public sealed record StepsSafe(Generation RestoredAt, long Version) : IProtocolMessage;

/// <summary>Keeper of the ledger -> parameter shards: some report was lost; send again all that is not known to be safe.</summary>
/// <param name="RestoredAt">The restore after which the steps were made.</param>
public sealed record RepeatSteps(Generation RestoredAt) : IProtocolMessage;
