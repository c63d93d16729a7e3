namespace DistNet.Actors.Tests;

public sealed class PostgresJournalSpecs(PostgresServer server) : IClassFixture<PostgresServer>
{
    [PostgresFact]
    public async Task What_was_recorded_is_read_back_by_a_successor_and_by_an_auditor()
    {
        JournalSettings journal = Journal("successor");
        JournalKit crashed = new(journal);
        await crashed.Record(JournalKit.Events);
        await crashed.Abort();

        await using JournalKit successor = new(journal);
        Assert.Equal(12L, (await successor.Recovered).Version);
        Assert.Equal(JournalKit.Events.Select(LedgerBytes.Write), (await JournalReader.ReadAsync(journal)).Select(LedgerBytes.Write));
    }

    [PostgresFact]
    public async Task Runs_on_one_server_do_not_see_each_other()
    {
        await using (JournalKit first = new(Journal("first")))
            await first.Record(JournalKit.Events);
        await using JournalKit second = new(Journal("second"));

        Assert.Null((await second.Recovered).Accepted);
    }

    [PostgresFact]
    public async Task A_server_that_goes_away_fails_the_write_in_one_sentence_without_the_connection_string_and_loses_nothing_written()
    {
        JournalSettings journal = Journal("gone");
        await using JournalKit kit = new(journal);
        await kit.Record(JournalKit.Events[..3]);
        server.Stop();
        try
        {
            kit.Tell(JournalKit.Events[3]);
            string sentence = (await kit.Failed).Message;
            Assert.StartsWith("the PostgreSQL.15 journal could not be written: ", sentence, StringComparison.Ordinal);
            Assert.DoesNotContain("Username", sentence, StringComparison.Ordinal);
        }
        finally
        {
            server.Start();
        }
        Assert.Equal(3, (await JournalReader.ReadAsync(journal)).Count);
    }

    [PostgresFact]
    public async Task A_server_that_is_not_there_is_a_failure_and_no_hang()
    {
        JournalSettings journal = JournalSettings.Server("PostgreSQL.15", "Host=/nowhere;Username=distnet;Timeout=1", "none");
        JournalException failure = await Assert.ThrowsAsync<JournalException>(() => JournalReader.ReadAsync(journal).WaitAsync(Runs.Patience));

        Assert.StartsWith("the PostgreSQL.15 journal could not be read: ", failure.Message, StringComparison.Ordinal);
    }

    private JournalSettings Journal(string run) => JournalSettings.Server("PostgreSQL.15", server.ConnectionString, run);
}
