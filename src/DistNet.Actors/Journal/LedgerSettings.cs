namespace DistNet.Actors;

/// <summary>That a run keeps a ledger, and where.</summary>
/// <param name="RunId">The run's id.</param>
/// <param name="Journal">Where its events go; a file was looked at with <see cref="JournalFile.Prepare"/>.</param>
public sealed record LedgerSettings(string RunId, JournalSettings Journal);
