using DistNet.Neural;

namespace DistNet.Protocol;

/// <summary>
/// Something the coordinator decided or was told, as its journal keeps it. The events of a run, in order, are its ledger: from them alone
/// follows where the run stands, and <see cref="LedgerAudit"/> proves from them that every example was counted once.
/// </summary>
/// <remarks>What a successor of the coordinator must not know less of than others, checkpoints and the
/// end, is persisted before anybody is told of it; a generation
/// may be told before it is safe, since that of a successor differs in its incarnation.</remarks>
public abstract record LedgerEvent;

/// <summary>A run is to be made: the first event of each ledger.</summary>
/// <param name="RunId">The run's id.</param>
/// <param name="Spec">The run specification, as <see cref="TrainingSpecJson"/> writes it.</param>
/// <param name="DataHash">Content hash of the whole training set.</param>
/// <param name="TrainingExampleCount">Examples of an epoch, those kept for validation not included.</param>
public sealed record RunAccepted(string RunId, string Spec, string DataHash, int TrainingExampleCount) : LedgerEvent;

/// <summary>All parameter shards were put at one version. Steps from that version on which were recorded before are superseded.</summary>
/// <param name="Generation">Newer than all before.</param>
/// <param name="Version">0 for the initial parameters, else the version of a checkpoint.</param>
/// <param name="ParameterShards">Shards from now on; a resumed run may have another number.</param>
/// <param name="Reason">Why, in a few words: the run begins, is resumed, or was rolled back.</param>
/// <remarks>A run begins with one too: recovery and start are one path.</remarks>
public sealed record ShardsRestored(Generation Generation, long Version, int ParameterShards, string Reason) : LedgerEvent;

/// <summary>The work was leased anew; worker <c>i</c> holds lease <c>i</c>.</summary>
/// <param name="Generation">Newer than all before, or the one the shards were just restored under.</param>
/// <param name="FromVersion">The version that every shard had reached by the ledger: no step before it is made under this generation.</param>
/// <param name="Workers">Addresses. Their numbers in the whole ledger are those of <see cref="WorkerTable"/>.</param>
public sealed record GenerationOpened(Generation Generation, long FromVersion, string[] Workers) : LedgerEvent;

/// <summary>A parameter shard made steps.</summary>
/// <param name="Shard">Its index.</param>
/// <param name="Steps">In order of versions, without a gap, each beginning where the one before ended.</param>
public sealed record StepsRecorded(int Shard, StepRecord[] Steps) : LedgerEvent;

/// <summary>A checkpoint is safe in its store.</summary>
/// <param name="Version">Steps made; each of them was recorded before.</param>
/// <param name="File">Its name.</param>
/// <param name="WeightsSha256"><see cref="WeightsHash"/> of its parameters.</param>
public sealed record CheckpointRecorded(long Version, string File, string WeightsSha256) : LedgerEvent;

/// <summary>An epoch is complete and was reported, once even where its steps were replayed.</summary>
public sealed record EpochRecorded(EpochReport Report) : LedgerEvent;

/// <summary>The run is over, or was stopped to be resumed.</summary>
/// <param name="End">Why.</param>
/// <param name="Version">Steps made, all of them recorded before.</param>
/// <param name="WeightsSha256"><see cref="WeightsHash"/> of the final parameters.</param>
public sealed record RunEnded(TrainingEnd End, long Version, string WeightsSha256) : LedgerEvent;

/// <summary>The run could not go on; it may be resumed from its last checkpoint.</summary>
/// <param name="Reason">The sentence that the user was told.</param>
public sealed record RunFailed(string Reason) : LedgerEvent;
