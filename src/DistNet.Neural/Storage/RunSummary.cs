namespace DistNet.Neural;

/// <summary>One line of the list of runs.</summary>
/// <param name="Id">The run's id, which is its folder's name.</param>
/// <param name="Path">The run's folder.</param>
/// <param name="Description">What it is, or null if that is damaged.</param>
/// <param name="Result">How it ended, or null if it has not or that is damaged.</param>
/// <param name="Damage">What is damaged, in one sentence, or null.</param>
public sealed record RunSummary(string Id, string Path, RunDescription? Description, RunResult? Result, string? Damage);
