namespace DistNet.Neural.Tests;

public class EvaluationSpecs
{
    /// <summary>A network that answers with its inputs' largest: the identity.</summary>
    private static readonly NetworkSpec Identity = NetworkSpec.WithInputs(3).Dense(3, Activation.Softmax).Minimize(Loss.CategoricalCrossentropy);
    private static readonly float[] IdentityParameters = [1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0];

    [Fact]
    public void Confusion_precision_and_recall_are_those_counted_by_hand()
    {
        // truth -> answer: 0 -> 0, 0 -> 0, 0 -> 1, 1 -> 1, 2 -> 1
        var examples = Labelled((0, 0), (0, 0), (0, 1), (1, 1), (2, 1));
        var result = Evaluation.Evaluate(Identity, IdentityParameters, examples);
        Assert.Equal([2, 1, 0, 0, 1, 0, 0, 1, 0], result.Confusion.Counts.AsEnumerable());
        Assert.Equal(1, result.Confusion[2, 1]);
        Assert.Equal([1, 1.0 / 3, 0], Enumerable.Range(0, 3).Select(result.Confusion.Precision));
        Assert.Equal([2.0 / 3, 1, 0], Enumerable.Range(0, 3).Select(result.Confusion.Recall));
        Assert.Equal((0.6, 5L), (result.Accuracy, result.Statistics.Examples));
    }

    [Fact]
    public void The_confusion_matrix_counts_every_example_and_its_diagonal_the_correct_ones()
    {
        var examples = ArrayExamples.Clusters(1000, 3, 3);
        var result = Evaluation.Evaluate(Identity, IdentityParameters, examples);
        Assert.Equal(1000, result.Confusion.Counts.Sum());
        Assert.Equal(result.Statistics.Correct, Enumerable.Range(0, 3).Sum(label => result.Confusion[label, label]));
    }

    [Fact]
    public void Blocks_added_in_order_are_the_whole()
    {
        var evaluator = new Evaluator(Identity, ArrayExamples.Clusters(1000, 3, 3), 100, 700);
        var sum = Enumerable.Range(0, evaluator.BlockCount).Aggregate(default(LossStatistics), (sum, block) => LossStatistics.Add(sum, evaluator.MeasureBlock(IdentityParameters, block)));
        Assert.Equal(3, evaluator.BlockCount);
        Assert.Equal(evaluator.Measure(IdentityParameters), sum);
        Assert.Equal(evaluator.Evaluate(IdentityParameters).Statistics, sum);
        Assert.Equal(700, sum.Examples);
    }

    [Fact]
    public void A_range_is_the_examples_it_names()
    {
        var examples = Labelled((0, 1), (1, 1), (2, 2), (2, 0));
        Assert.Equal(2, new Evaluator(Identity, examples, 1, 2).Measure(IdentityParameters).Correct);
    }

    [Fact]
    public void One_sigmoid_output_has_two_classes_and_a_regression_none()
    {
        var yesOrNo = NetworkSpec.WithInputs(1).Dense(1, Activation.Sigmoid).Minimize(Loss.BinaryCrossentropy);
        var examples = new ArrayExamples(1, 1, [5, -5, 5, -5], [1, 0, 0, 0]);
        Assert.Equal([2, 1, 0, 1], Evaluation.Evaluate(yesOrNo, [1, 0], examples).Confusion.Counts.AsEnumerable());

        var regression = NetworkSpec.WithInputs(1).Dense(1).Minimize(Loss.MeanSquaredError);
        var result = Evaluation.Evaluate(regression, [1, 0], examples);
        Assert.Equal((0, 0.0, (16 + 25 + 25 + 25) / 4.0), (result.Confusion.ClassCount, result.Accuracy, result.Loss));
    }

    [Fact]
    public void Examples_that_do_not_fit_the_network_and_empty_ranges_are_refused()
    {
        Assert.Throws<InvalidDataException>(() => Evaluation.Evaluate(Identity, IdentityParameters, ArrayExamples.Clusters(5, 4, 3)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Evaluator(Identity, ArrayExamples.Clusters(5, 3, 3), 2, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Evaluator(Identity, ArrayExamples.Clusters(5, 3, 3), 2, 0));
        Assert.Throws<ArgumentException>(() => Evaluation.Evaluate(Identity, [1, 2], ArrayExamples.Clusters(5, 3, 3)));
    }

    private static ArrayExamples Labelled(params (int Truth, int Answer)[] examples)
    {
        var (inputs, targets) = (new float[examples.Length * 3], new float[examples.Length * 3]);
        for (var example = 0; example < examples.Length; example++)
        {
            inputs[(example * 3) + examples[example].Answer] = 1;
            targets[(example * 3) + examples[example].Truth] = 1;
        }

        return new ArrayExamples(3, 3, inputs, targets);
    }
}
