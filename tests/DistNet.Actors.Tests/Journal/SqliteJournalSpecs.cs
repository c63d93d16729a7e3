using DistNet.Protocol;
using Microsoft.Data.Sqlite;

namespace DistNet.Actors.Tests;

public sealed class SqliteJournalSpecs : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("distnet-").FullName;

    private string FilePath => Path.Combine(_folder, "journal.db");

    private JournalSettings Journal => JournalSettings.File(FilePath);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task What_was_recorded_is_read_back_by_a_successor_and_by_an_auditor()
    {
        await Write(JournalKit.Events);

        await using JournalKit successor = new(Journal);
        RunLedger ledger = await successor.Recovered;
        Assert.Equal((12L, new Generation(1), "20261124-025512"), (ledger.Version, ledger.Generation, ledger.Accepted!.RunId));
        IReadOnlyList<LedgerEvent> read = await JournalReader.ReadAsync(Journal);
        Assert.Equal(JournalKit.Events.Select(LedgerBytes.Write), read.Select(LedgerBytes.Write));
        Assert.Empty(LedgerAudit.Check(read).Violations);
    }

    [Fact]
    public async Task What_was_recorded_before_a_crash_is_there_after_it()
    {
        JournalKit crashed = new(Journal);
        await crashed.Record(JournalKit.Events[..4]);
        await crashed.Abort();

        Assert.Equal(4, (await JournalReader.ReadAsync(Journal)).Count);
    }

    [Fact]
    public async Task A_writer_whose_successor_has_written_is_refused_in_one_sentence_and_changes_nothing()
    {
        await using JournalKit earlier = new(Journal);
        await earlier.Record(JournalKit.Events[..2]);
        await using JournalKit successor = new(Journal);
        await successor.Recovered;
        await successor.Record(JournalKit.Events[2]);

        earlier.Tell(JournalKit.Events[^1]);
        Assert.StartsWith($"{FilePath} could not be written: ", (await earlier.Failed).Message, StringComparison.Ordinal);
        Assert.Equal(JournalKit.Events[..3].Select(LedgerBytes.Write), (await JournalReader.ReadAsync(Journal)).Select(LedgerBytes.Write));
    }

    [Fact]
    public async Task A_journal_can_be_read_while_it_is_written()
    {
        JournalFile.Prepare(Journal);
        await using JournalKit kit = new(Journal);
        await kit.Record(JournalKit.Events[..2]);
        Assert.Equal(2, (await JournalReader.ReadAsync(Journal)).Count);
        await kit.Record(JournalKit.Events[2..3]);

        Assert.Equal(3, (await JournalReader.ReadAsync(Journal)).Count);
    }

    [Fact]
    public async Task Reading_changes_no_byte_of_the_file()
    {
        await Write(JournalKit.Events);
        byte[] before = await File.ReadAllBytesAsync(FilePath);
        await JournalReader.ReadAsync(Journal);

        Assert.Equal(before, await File.ReadAllBytesAsync(FilePath));
    }

    [Fact]
    public async Task A_run_without_a_journal_is_told_so()
    {
        JournalException failure = await Assert.ThrowsAsync<JournalException>(() => JournalReader.ReadAsync(Journal));

        Assert.Equal($"{FilePath} does not exist: the run kept no ledger; runs in a cluster do, others with --ledger", failure.Message);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused_with_its_path_before_and_after_the_run()
    {
        await File.WriteAllBytesAsync(FilePath, [.. Enumerable.Range(0, 5000).Select(i => (byte)(i * 7 + i / 256))]);

        Assert.Contains($"{FilePath} cannot be used as a journal: ", Assert.Throws<JournalException>(() => JournalFile.Prepare(Journal)).Message, StringComparison.Ordinal);
        Assert.Contains($"{FilePath} cannot be read: ", (await Assert.ThrowsAsync<JournalException>(() => JournalReader.ReadAsync(Journal))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Random_bytes_anywhere_in_the_file_are_refused_or_harmless_but_never_a_hang_or_another_ledger()
    {
        await Write(JournalKit.Events);
        byte[] sound = await File.ReadAllBytesAsync(FilePath);
        for (int seed = 0; seed < 20; seed++)
        {
            Random chance = new(seed);
            byte[] damaged = [.. sound];
            chance.NextBytes(damaged.AsSpan(chance.Next(damaged.Length - 600), 600));
            await File.WriteAllBytesAsync(FilePath, damaged);
            if (await ReadOrRefuse() is { } read)
                Assert.Equal(JournalKit.Events.Select(LedgerBytes.Write), read.Select(LedgerBytes.Write));
        }
    }

    [Fact]
    public async Task An_event_that_is_damaged_inside_a_sound_database_is_refused_with_the_path()
    {
        await Write(JournalKit.Events);
        Execute("UPDATE journal SET message = X'0102' WHERE manifest = 'steps/1'");

        JournalException failure = await Assert.ThrowsAsync<JournalException>(() => JournalReader.ReadAsync(Journal).WaitAsync(Runs.Patience));
        Assert.StartsWith($"{FilePath} could not be read: ", failure.Message, StringComparison.Ordinal);
        Assert.Contains("'steps/1' of 2 bytes", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_without_a_journal_is_refused_with_the_path()
    {
        Execute("CREATE TABLE other (x INTEGER)");

        JournalException failure = await Assert.ThrowsAsync<JournalException>(() => JournalReader.ReadAsync(Journal).WaitAsync(Runs.Patience));
        Assert.StartsWith($"{FilePath} could not be read: ", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_does_not_exist_or_is_a_file_is_refused_with_the_path()
    {
        string file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "");
        foreach (string path in (string[])[Path.Combine(_folder, "none", "journal.db"), Path.Combine(file, "journal.db")])
            Assert.StartsWith($"{path} cannot be used as a journal: ", Assert.Throws<JournalException>(() => JournalFile.Prepare(JournalSettings.File(path))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_another_process_keeps_locked_fails_the_write_in_one_sentence()
    {
        await using JournalKit kit = new(Journal);
        await kit.Record(JournalKit.Events[..1]);
        using SqliteConnection other = new(Journal.ConnectionString);
        other.Open();
        using SqliteTransaction held = other.BeginTransaction(deferred: false);
        kit.Tell(JournalKit.Events[1]);

        Assert.Equal($"{FilePath} could not be written: SQLite Error 5: 'database is locked'", (await kit.Failed).Message);
    }

    [Fact]
    public async Task A_database_that_is_full_fails_the_write_in_one_sentence()
    {
        await Write(JournalKit.Events[..2]);
        Execute("CREATE TRIGGER full BEFORE INSERT ON journal BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END");
        await using JournalKit kit = new(Journal);
        await kit.Recovered;
        kit.Tell(JournalKit.Events[2]);

        Assert.StartsWith($"{FilePath} could not be written: ", (await kit.Failed).Message, StringComparison.Ordinal);
        Assert.Contains("database or disk is full", (await kit.Failed).Message, StringComparison.Ordinal);
    }

    private async Task Write(params LedgerEvent[] events)
    {
        JournalFile.Prepare(Journal);
        await using JournalKit kit = new(Journal);
        await kit.Record(events);
    }

    private async Task<IReadOnlyList<LedgerEvent>?> ReadOrRefuse()
    {
        try
        {
            return await JournalReader.ReadAsync(Journal).WaitAsync(Runs.Patience);
        }
        catch (JournalException)
        {
            return null;
        }
    }

    private void Execute(string statement)
    {
        using SqliteConnection connection = new(Journal.ConnectionString);
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = statement;
        command.ExecuteNonQuery();
    }
}
