namespace DistNet.Neural.Tests.Data;

public sealed class TableSpecs : IDisposable
{
    private const string Houses = "area,district,rooms,price\n50,north,2,100\n70,south,?,150\n,north,3,120\n90,west,4,210\n60,south,2,130\n";

    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Numbers_are_standardized_categories_become_one_hot_and_what_is_missing_is_the_mean_or_no_category()
    {
        TableSchema schema = Load(Houses, new TableOptions("price") { TestShare = 0 }).Schema;
        Assert.Equal(["area", "district", "rooms"], schema.Inputs.Select(column => column.Name));
        Assert.Equal((67.5, 14.7902, 5), (schema.Inputs[0].Mean, schema.Inputs[0].Deviation, schema.InputSize), new Nearly());
        Assert.Equal(["north", "south", "west"], schema.Inputs[1].Categories.ToArray());

        CsvTable table = Read("district,rooms,area\nsouth,,82.29\n");
        float[] inputs = schema.EncodeInputs(table, table.Rows);
        Assert.Equal([1f, 0, 1, 0, 0], inputs.Select(value => MathF.Round(value, 3)));
    }

    [Fact]
    public void A_target_of_numbers_is_a_regression_two_classes_take_one_output_and_more_take_one_each()
    {
        Assert.Equal((true, 1), KindOf("price", false));
        Assert.Equal((false, 3), KindOf("district", false));
        Assert.Equal((false, 3), KindOf("rooms", true));
        TableData two = Load("x,t\n1,no\n2,yes\n3,no\n", new TableOptions("t") { TestShare = 0 });
        Assert.Equal((false, 1), (two.Schema.IsRegression, two.Schema.TargetSize));
        Assert.Equal([0f, 0, 1], Targets(two.Training).Order());

        (bool, int) KindOf(string target, bool isClassification)
        {
            TableSchema schema = Load(Houses.Replace("?", "2", StringComparison.Ordinal), new TableOptions(target) { TestShare = 0, IsClassification = isClassification }).Schema;
            return (schema.IsRegression, schema.TargetSize);
        }
    }

    [Fact]
    public void The_split_is_drawn_by_its_seed_and_means_are_of_the_training_rows_alone()
    {
        string text = "x,t\n" + string.Concat(Enumerable.Range(0, 100).Select(i => $"{i},{2 * i}\n"));
        TableData first = Load(text, new TableOptions("t") { TestShare = 0.25 });
        TableData again = Load(text, new TableOptions("t") { TestShare = 0.25 });
        TableData other = Load(text, new TableOptions("t") { TestShare = 0.25, SplitSeed = 2 });
        Assert.Equal((75, 25), (first.Training.Count, first.Test!.Count));
        Assert.Equal(first.Training.ContentHash, again.Training.ContentHash);
        Assert.NotEqual(first.Training.ContentHash, other.Training.ContentHash);

        double[] trained = [.. Targets(first.Training).Select(target => first.Schema.Unscale(target))];
        double[] tested = [.. Targets(first.Test).Select(target => first.Schema.Unscale(target))];
        Assert.Equal(Enumerable.Range(0, 100).Select(i => 2.0 * i), trained.Concat(tested).Select(value => Math.Round(value)).Order());
        Assert.Equal(trained.Average(), first.Schema.Target.Mean, 1e-6);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_category_or_class_of_a_single_row_is_known_whichever_part_the_row_comes_to(int splitSeed)
    {
        string text = "kind,t\nrare,once\n" + string.Concat(Enumerable.Range(0, 9).Select(i => $"{(char)('a' + (i % 3))},{(i % 2 == 0 ? "even" : "odd")}\n"));
        TableSchema schema = Load(text, new TableOptions("t") { TestShare = 0.5, SplitSeed = splitSeed }).Schema;

        Assert.Equal(["a", "b", "c", "rare"], schema.Inputs[0].Categories.ToArray());
        Assert.Equal(["even", "odd", "once"], schema.Target.Categories.ToArray());
    }

    [Fact]
    public void Rows_of_the_file_that_was_trained_on_keep_their_split_and_those_of_another_are_all_taken()
    {
        string text = "x,t\n" + string.Concat(Enumerable.Range(0, 10).Select(i => $"{i},{i}\n"));
        TableData data = Load(text, new TableOptions("t"));
        Assert.Equal(data.Test!.ContentHash, TableData.LoadFor(_file, data.Schema).ContentHash);
        Assert.Equal(data.Training.ContentHash, TableData.LoadFor(_file, data.Schema, isTraining: true).ContentHash);
        File.WriteAllText(_file, text + "10,10\n");
        Assert.Equal(11, TableData.LoadFor(_file, data.Schema).Count);
    }

    [Fact]
    public void A_model_keeps_what_is_known_of_its_table()
    {
        TableData data = Load(Houses, new TableOptions("price") { TestShare = 0.2, SplitSeed = 7 });
        NetworkSpec network = NetworkSpec.WithInputs(data.Schema.InputSize).Dense(1).Minimize(Loss.MeanSquaredError);
        Model model = new()
        {
            Spec = new TrainingSpec { Network = network, Optimizer = OptimizerSpec.Parse("sgd") },
            Data = DataDescription.Of(data.Training, "houses.csv") with { Table = data.Schema },
            Version = 1,
            Parameters = ParameterInitializer.Create(network, 1),
        };
        File.Delete(_file);
        ModelFile.Write(_file, model);
        TableSchema read = ModelFile.Read(_file).Data.Table!;
        Assert.Equal(data.Schema.Options, read.Options);
        Assert.Equal(data.Schema.FileHash, read.FileHash);
        Assert.Equal(data.Schema.Target with { Categories = default }, read.Target with { Categories = default });
        Assert.All(data.Schema.Inputs.Zip(read.Inputs), pair =>
        {
            Assert.Equal((pair.First.Name, pair.First.Mean, pair.First.Deviation), (pair.Second.Name, pair.Second.Mean, pair.Second.Deviation));
            Assert.Equal(pair.First.Categories.ToArray(), pair.Second.Categories.ToArray());
        });
    }

    [Theory]
    [InlineData("a,b\n1,2\n3\n", "line 3: expected 2 columns, as the header has, found 1")]
    [InlineData("a,b\n1,2\n3,4,5\n", "line 3: expected 2 columns, as the header has, found 3")]
    [InlineData("a,a\n1,2\n", "line 1: expected columns of different names, found 'a' twice")]
    [InlineData("", "line 1: expected a header")]
    [InlineData("a,c\n1,2\n", "has no column 'b': its columns are a, c")]
    [InlineData("a,b\n", "has 0 rows")]
    [InlineData("a,b\n1,2\n2,\n", "line 3, column 'b': expected a number, found ''")]
    [InlineData("a,b\n1,x\n2,x\n", "column 'b': expected two classes at least, found only 'x'")]
    [InlineData("a,b\n1,1\n2,1\n3,1\n4,1\n5,1\n6,1\n7,1\n8,1\n9,1\nten,2\n", "line 11, column 'a': expected a number as in most rows, or NA where it is missing, found 'ten'")]
    [InlineData("a,b\n,1\n?,2\n", "column 'a': expected values, found none in the 2 training rows")]
    public void Bad_tables_are_refused_with_line_and_column(string text, string sentence)
    {
        InvalidDataException refusal = Assert.Throws<InvalidDataException>(() => Load(text, new TableOptions("b") { TestShare = 0 }));
        Assert.Contains(sentence, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("area,district,rooms\n50,north,2\nwide,north,2\n", "line 3, column 'area': expected a number, found 'wide'")]
    [InlineData("area,district,rooms\n50,east,2\n", "line 2, column 'district': expected one of north, south, west, found 'east'")]
    [InlineData("area,rooms\n50,2\n", "has no column 'district'")]
    public void Rows_to_predict_that_the_model_cannot_take_are_refused_with_line_and_column(string text, string sentence)
    {
        TableSchema schema = Load(Houses, new TableOptions("price") { TestShare = 0 }).Schema;
        CsvTable table = Read(text);
        InvalidDataException refusal = Assert.Throws<InvalidDataException>(() => schema.EncodeInputs(table, table.Rows));
        Assert.Contains(sentence, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_regression_is_measured_in_the_targets_own_unit()
    {
        TableData data = Load("x,t\n0,10\n1,20\n2,30\n3,60\n", new TableOptions("t") { TestShare = 0 });
        NetworkSpec network = NetworkSpec.WithInputs(1).Dense(1).Minimize(Loss.MeanSquaredError);
        RegressionMetrics mean = RegressionMetrics.Of(network, [0, 0], data.Training, data.Schema); // always the mean, 30
        Assert.Equal((350, 15, 0), (mean.MeanSquaredError, mean.MeanAbsoluteError, mean.R2), new Nearly());
    }

    private TableData Load(string text, TableOptions options)
    {
        File.WriteAllText(_file, text);
        return TableData.Load(_file, options);
    }

    private static CsvTable Read(string text)
    {
        using StringReader reader = new(text);
        return CsvTable.Read("rows.csv", reader);
    }

    private static float[] Targets(ArrayExampleSet examples)
    {
        float[] targets = new float[examples.Count * examples.TargetSize];
        examples.Gather([.. Enumerable.Range(0, examples.Count)], new float[examples.Count * examples.InputSize], targets);
        return targets;
    }

    private sealed class Nearly : IEqualityComparer<(double, double, double)>
    {
        public bool Equals((double, double, double) left, (double, double, double) right) =>
            Math.Abs(left.Item1 - right.Item1) < 1e-3 && Math.Abs(left.Item2 - right.Item2) < 1e-3 && Math.Abs(left.Item3 - right.Item3) < 1e-3;

        public int GetHashCode((double, double, double) value) => 0;
    }
}
