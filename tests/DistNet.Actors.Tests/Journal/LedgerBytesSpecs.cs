using System.Text;
using DistNet.Neural;
using DistNet.Protocol;

namespace DistNet.Actors.Tests;

public class LedgerBytesSpecs
{
    // What journals in the field hold. A change here makes them unreadable: give the layout a new number instead.
    public static TheoryData<string, string, LedgerEvent> Golden => new()
    {
        { "accepted/1", "0172027B7D0164E0D403", new RunAccepted("r", "{}", "d", 60000) },
        { "restored/1", "03D50302017A", new ShardsRestored(new Generation(3), 469, 2, "z") },
        { "generation/1", "03D50302016102C3A9", new GenerationOpened(new Generation(3), 469, ["a", "é"]) },
        { "steps/1", "0102AC02020200040004040101000100020004010200030000", Steps },
        { "checkpoint/1", "D5030166026162", new CheckpointRecorded(469, "f", "ab") },
        { "epoch/1", "02000000000000F83F3264010000000000000440050A", new EpochRecorded(new EpochReport(2, new LossStatistics(1.5, 50, 100), new LossStatistics(2.5, 5, 10))) },
        { "ended/1", "01D503026162", new RunEnded(TrainingEnd.Completed, 469, "ab") },
        { "failed/1", "014E", new RunFailed("N") },
    };

    private static StepsRecorded Steps => new(1, [
        new StepRecord(300, new Generation(2), [new SumRecord(new TreeNode(0, 4), 0), new SumRecord(new TreeNode(4, 4), 1)], 1, 0),
        new StepRecord(301, new Generation(2), [new SumRecord(new TreeNode(0, 4), 1), new SumRecord(new TreeNode(2, 0), 3)], 0, 0)]);

    [Theory]
    [MemberData(nameof(Golden))]
    public void An_event_has_the_bytes_it_had_in_the_first_journal(string manifest, string bytes, LedgerEvent entry)
    {
        Assert.Equal(manifest, LedgerBytes.Manifest(entry));
        Assert.Equal(bytes, Convert.ToHexString(LedgerBytes.Write(entry)));
        Assert.Equivalent(entry, LedgerBytes.Read(Convert.FromHexString(bytes), manifest), strict: true);
    }

    [Fact]
    public void Every_kind_of_event_has_golden_bytes() => Assert.Equal(
        typeof(LedgerEvent).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(LedgerEvent))).Select(type => type.Name).Order(),
        Golden.Select(row => ((object[])row)[2].GetType().Name).Order());

    [Fact]
    public void A_step_of_a_shard_takes_about_ten_bytes()
    {
        StepRecord[] steps = [.. Enumerable.Range(0, 2345).Select(version => Steps.Steps[0] with { Version = version })];

        Assert.InRange(LedgerBytes.Write(new StepsRecorded(0, steps)).Length, 1, 2345 * 12);
    }

    [Fact]
    public void Bytes_that_end_too_early_are_refused_wherever_that_is()
    {
        foreach (LedgerEvent entry in JournalKit.Events)
        {
            byte[] bytes = LedgerBytes.Write(entry);
            for (int length = 0; length < bytes.Length; length++)
                Assert.Throws<InvalidDataException>(() => LedgerBytes.Read(bytes[..length], LedgerBytes.Manifest(entry)));
            Assert.Throws<InvalidDataException>(() => LedgerBytes.Read([.. bytes, 0], LedgerBytes.Manifest(entry)));
        }
    }

    [Fact]
    public void A_count_that_the_bytes_cannot_hold_allocates_nothing()
    {
        InvalidDataException refusal = Assert.Throws<InvalidDataException>(() => LedgerBytes.Read([0, 0xFF, 0xFF, 0xFF, 0xFF, 7, 1, 2, 3], "steps/1"));

        Assert.Contains("claims 2147483647 elements, but has 3 bytes left", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_layout_of_a_later_version_is_refused_by_its_name()
    {
        InvalidDataException refusal = Assert.Throws<InvalidDataException>(() => LedgerBytes.Read(Encoding.UTF8.GetBytes("anything"), "steps/2"));

        Assert.Contains("'steps/2'", refusal.Message, StringComparison.Ordinal);
    }
}
