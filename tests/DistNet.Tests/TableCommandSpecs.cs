using System.Globalization;

namespace DistNet.Tests;

/// <summary>Tables from the command line: trained, evaluated, predicted.</summary>
public sealed class TableCommandSpecs : IDisposable
{
    private readonly Workspace _work = new();

    public TableCommandSpecs()
    {
        var random = new Random(1);
        var rows = Enumerable.Range(0, 200).Select(_ =>
        {
            var (area, isNorth) = (random.Next(40, 160), random.Next(2) == 0);
            return (Area: area, District: isNorth ? "north" : "south", Price: (3 * area) + (isNorth ? 100 : 0) + random.Next(-5, 6), Kind: area < 70 ? "small" : area < 120 ? "middle" : "large");
        }).ToArray();
        File.WriteAllLines(Houses, ["area,district,price", .. rows.Select(row => $"{row.Area},{row.District},{row.Price}")]);
        File.WriteAllLines(Kinds, ["area,district,kind", .. rows.Select(row => $"{row.Area},{row.District},{row.Kind}")]);
    }

    private string Houses => Path.Combine(_work.Root, "houses.csv");

    private string Kinds => Path.Combine(_work.Root, "kinds.csv");

    public void Dispose() => _work.Dispose();

    [Fact]
    public async Task A_regression_is_learnt_and_its_errors_are_told_in_the_targets_unit()
    {
        var trained = await Run("train", "--data", Houses, "--target", "price", "--runs", _work.Runs);
        Assert.Matches(@"160 training and 40 test rows[\s\S]*test MSE \S+  MAE \S+  R2 0\.9", trained);
        Assert.DoesNotContain("accuracy", trained, StringComparison.Ordinal);
        var listed = await Run("runs", "list", "--runs", _work.Runs);
        Assert.Contains("loss 0.", listed, StringComparison.Ordinal);
        Assert.DoesNotContain("unfinished", listed, StringComparison.Ordinal);
        var shown = await Run("runs", "show", "--runs", _work.Runs);
        Assert.Matches(@"160 rows[\s\S]*test loss 0\.", shown);
        Assert.DoesNotContain("accuracy", shown, StringComparison.Ordinal);
        Assert.Matches(@"^price: MSE \S+  MAE \S+  R2 0\.9\d+  over 40 rows", await Run("evaluate", "--runs", _work.Runs));

        var rows = Path.Combine(_work.Root, "new.csv");
        await File.WriteAllLinesAsync(rows, ["district,area", "north,100", "south,100"]);
        var lines = (await Run("predict", "latest", rows, "--runs", _work.Runs)).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.Equal("district,area,price predicted", lines[0]);
        Assert.InRange(double.Parse(lines[1].Split(',')[2], CultureInfo.InvariantCulture), 380, 420);
        Assert.InRange(double.Parse(lines[2].Split(',')[2], CultureInfo.InvariantCulture), 280, 320);
    }

    [Theory]
    [InlineData("1e60", "1e-5", "line 2, column 'x': expected a number nearer to the others, found '1e60'")]
    [InlineData("2", "1e308", "column 'x': expected numbers that have a mean and a deviation, found ")]
    public async Task Numbers_that_cannot_be_standardized_are_refused(string tested, string trained, string sentence)
    {
        var rows = Enumerable.Range(0, 20).Select(row => $"{(row % 2 == 0 ? trained : "-" + trained)},{row}");
        var table = Rows(["x,y", .. rows]);
        var outcome = await Workspace.Run("train", "--data", table, "--target", "y", "--epochs", "1", "--test-share", "0", "--runs", _work.Runs);
        if (outcome.Code == 0) outcome = await Workspace.Run("evaluate", "--data", Rows("x,y", $"{tested},1"), "--runs", _work.Runs);
        Assert.Equal(1, outcome.Code);
        Assert.Contains(sentence, outcome.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Classes_are_learnt_and_named()
    {
        Assert.Matches("test accuracy (9|100)", await Run("train", "--data", Kinds, "--target", "kind", "--runs", _work.Runs));
        var evaluated = await Run("evaluate", "--runs", _work.Runs, "--split", "train");
        Assert.Contains("over 160 rows", evaluated, StringComparison.Ordinal);
        Assert.All(["small", "middle", "large"], kind => Assert.Contains(kind, evaluated, StringComparison.Ordinal));
        Assert.Matches("140,north,large,large,", await Run("predict", "latest", Rows("area,district,kind", "140,north,large"), "--runs", _work.Runs));
    }

    [Fact]
    public async Task Engines_and_processes_give_a_table_the_same_bits_and_the_audit_can_replay_it()
    {
        string[] train = ["train", "--data", Houses, "--target", "price", "--epochs", "5", "--runs", _work.Runs, "--json"];
        var plain = (await Workspace.Run([.. train, "--plain"])).Sha256;
        Assert.Equal(plain, (await Workspace.Run([.. train, "--workers", "3"])).Sha256);
        using var cluster = DistNetProcess.Start([.. train, "--nodes", "2"]);
        var outcome = await cluster.End();
        Assert.True(outcome.Code == 0, outcome.Error);
        Assert.Equal(plain, outcome.Sha256);
        Assert.Contains("the same weights", await Run("audit", "latest", "--replay", "--runs", _work.Runs), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rows_fault_is_told_with_line_and_column_and_leaves_no_run()
    {
        var bad = Rows("area,price", "50,100", "60,");
        var outcome = await Workspace.Run("train", "--data", bad, "--target", "price", "--test-share", "0", "--runs", _work.Runs);
        Assert.Equal(1, outcome.Code);
        Assert.Contains("line 3, column 'price': expected a number, found ''", outcome.Sentence, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_work.Runs));
    }

    [Theory]
    [InlineData("--target price", "name the table's file with --data")]
    [InlineData("--data houses.csv", "say with --target which of its columns")]
    [InlineData("--data nowhere.csv --target price", "there is no table 'nowhere.csv'")]
    [InlineData("--classification", "name its column to predict with --target")]
    [InlineData("--data houses.csv --target cost", "has no column 'cost': its columns are area, district, price")]
    public async Task Options_that_do_not_go_together_are_refused_in_one_sentence(string options, string sentence)
    {
        string[] arguments = [.. options.Split(' ').Select(word => word == "houses.csv" ? Houses : word)];
        var outcome = await Workspace.Run(["train", .. arguments, "--runs", _work.Runs]);
        Assert.NotEqual(0, outcome.Code);
        Assert.Contains(sentence, outcome.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_lessons_line_is_found_by_the_trainer_as_well()
    {
        var line = Rows("x,t", "9,74", "14,81", "21,86", "27,90");
        await Run("train", "--data", line, "--target", "t", "--hidden", "none", "--optimizer", "sgd:learningRate=0.1", "--epochs", "200", "--test-share", "0", "--runs", _work.Runs);
        var lines = (await Run("predict", "latest", Rows("x", "55", "60"), "--runs", _work.Runs)).Split('\n', StringSplitOptions.TrimEntries);
        Assert.Equal(["55,114.814", "60,119.118"], lines[1..3]); // of least squares
    }

    private string Rows(params string[] lines)
    {
        var file = Path.Combine(_work.Root, Path.GetRandomFileName() + ".csv");
        File.WriteAllLines(file, lines);
        return file;
    }

    private static async Task<string> Run(params string[] arguments)
    {
        var outcome = await Workspace.Run(arguments);
        Assert.True(outcome.Code == 0, outcome.Error);
        return outcome.Output;
    }
}
