namespace DistNet.Neural.Tests;

public sealed class HistoryFileSpecs : IDisposable
{
    private static readonly EpochReport First = new(1, new LossStatistics(0.1 + 0.2, 50, 90), new LossStatistics(1 / 3.0, 5, 10));
    private static readonly EpochReport Second = new(2, new LossStatistics(double.PositiveInfinity, 60, 90), null);

    private readonly TemporaryFolder _folder = new();

    private string FilePath => _folder.File("history.jsonl");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Before_the_first_epoch_there_is_none() => Assert.Empty(HistoryFile.Read(FilePath));

    [Fact]
    public void Epochs_come_back_with_every_bit_one_a_line()
    {
        Append(First, Second);
        Assert.Equal([First, Second], HistoryFile.Read(FilePath));
        Assert.Equal(2, File.ReadAllLines(FilePath).Length);
        Assert.Equal("""{"epoch":1,"training":{"lossSum":0.30000000000000004,"correct":50,"examples":90},"validation":{"lossSum":0.3333333333333333,"correct":5,"examples":10}}""", File.ReadAllLines(FilePath)[0]);
    }

    [Fact]
    public void An_epoch_that_a_resumed_run_reports_again_counts_once()
    {
        Append(First, Second, First, Second with { Epoch = 3 });
        Assert.Equal([First, Second, Second with { Epoch = 3 }], HistoryFile.Read(FilePath));
    }

    [Fact]
    public void A_line_that_a_crash_cut_short_is_not_counted_and_goes_with_the_next()
    {
        Append(First, Second);
        var text = File.ReadAllText(FilePath);
        File.WriteAllText(FilePath, text[..^5]);
        Assert.Equal([First], HistoryFile.Read(FilePath));
        Append(Second);
        Assert.Equal(text, File.ReadAllText(FilePath));
    }

    [Fact]
    public void A_first_line_that_was_cut_short_goes_too()
    {
        File.WriteAllText(FilePath, "{\"epoch\"");
        Append(First);
        Assert.Equal([First], HistoryFile.Read(FilePath));
    }

    [Fact]
    public void A_damaged_line_is_refused()
    {
        File.WriteAllText(FilePath, "{\"epoch\":1}\n");
        var refusal = Assert.Throws<InvalidDataException>(() => HistoryFile.Read(FilePath));
        Assert.Equal($"{FilePath} cannot be used: expected a field 'training', found none; use an earlier file or train again.", refusal.Message);
    }

    private void Append(params EpochReport[] reports)
    {
        foreach (var report in reports)
            HistoryFile.Append(FilePath, report);
    }
}
