namespace DistNet.Protocol;

/// <summary>How one parameter shard made one step.</summary>
/// <param name="Version">The version the step began from; it made <c>Version + 1</c>.</param>
/// <param name="Generation">The newest of the shard's generation and those of the sums it used.</param>
/// <param name="Sums">The gradient sums it added, in the tree's order.</param>
/// <param name="Duplicates">Sums of this step that were refused because their micro-batches were there already.</param>
/// <param name="Stale">Sums refused during this step because they were of an older generation or another version.</param>
public sealed record StepRecord(long Version, Generation Generation, SumRecord[] Sums, int Duplicates, int Stale);

/// <summary>A gradient sum that counted.</summary>
/// <param name="Node">The micro-batches it covers.</param>
/// <param name="Worker">Who computed it: a number of <see cref="WorkerTable"/>.</param>
public readonly record struct SumRecord(TreeNode Node, int Worker);
