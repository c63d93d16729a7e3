namespace DistNet.Neural;

/// <summary>Measures a network on a set of examples.</summary>
public static class Evaluation
{
    /// <summary>Examples that are run at once; their sums are added in order. Part of the arithmetic of reported
    /// losses.</summary>
    public const int BlockSize = 256;

    /// <summary>Loss, accuracy and confusion matrix over a whole set.</summary>
    /// <param name="network">The network.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="examples">The set; at least one example.</param>
    /// <exception cref="InvalidDataException">The examples do not fit the network.</exception>
    /// <exception cref="ArgumentException">The parameters do not fit the network, or there are no examples.</exception>
    public static EvaluationResult Evaluate(NetworkSpec network, ReadOnlySpan<float> parameters, IExampleSet examples)
    {
        ArgumentNullException.ThrowIfNull(examples);
        return new Evaluator(network, examples, 0, examples.Count).Evaluate(parameters);
    }
}

/// <summary>Measures a network on a range of examples again and again; owns its buffers. Used by one thread.</summary>
public sealed class Evaluator
{
    private readonly NetworkSpec _network;
    private readonly IExampleSet _examples;
    private readonly int _first;
    private readonly int _count;
    private readonly ForwardPass<float> _pass;
    private readonly int[] _indices;

    /// <summary>An evaluator of the examples [first, first + count).</summary>
    /// <exception cref="InvalidDataException">The examples do not fit the network.</exception>
    /// <exception cref="ArgumentException">The network is impossible, or the range is empty or leaves the set.</exception>
    public Evaluator(NetworkSpec network, IExampleSet examples, int first, int count)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(examples);
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first, examples.Count - count);
        DataRules.RequireFit(network, examples);
        (_network, _examples, _first, _count) = (network, examples, first, count);
        var block = Math.Min(Evaluation.BlockSize, count);
        _pass = new ForwardPass<float>(network, block, block);
        _indices = new int[block];
    }

    /// <summary>Blocks of <see cref="Evaluation.BlockSize"/> examples, the last of which may be smaller.</summary>
    public int BlockCount => ((_count - 1) / Evaluation.BlockSize) + 1;

    /// <summary>Loss and correct answers over the range: its blocks added in order.</summary>
    public LossStatistics Measure(ReadOnlySpan<float> parameters)
    {
        var sum = default(LossStatistics);
        for (var block = 0; block < BlockCount; block++)
            sum = LossStatistics.Add(sum, MeasureBlock(parameters, block));
        return sum;
    }

    /// <summary>Loss and correct answers over one block, its examples added in order; blocks may be shared out and must be added
    /// in order.</summary>
    public LossStatistics MeasureBlock(ReadOnlySpan<float> parameters, int block) => _pass.Measure(0, Forward(parameters, block));

    /// <summary>Loss, accuracy and confusion matrix over the range.</summary>
    public EvaluationResult Evaluate(ReadOnlySpan<float> parameters)
    {
        var (classes, outputs) = (Answers.ClassCount(_network), _network.OutputSize);
        var confusion = new int[classes * classes];
        var sum = default(LossStatistics);
        for (var block = 0; block < BlockCount; block++)
        {
            var examples = Forward(parameters, block);
            sum = LossStatistics.Add(sum, _pass.Measure(0, examples));
            for (var example = 0; classes > 0 && example < examples; example++)
            {
                var truth = Answers.ClassOf<float>(_network, _pass.TargetsOf(example, 1));
                confusion[(truth * classes) + Answers.ClassOf(_network, _pass.Outputs(examples).Slice(example * outputs, outputs))]++;
            }
        }

        return new EvaluationResult(sum, new ConfusionMatrix(classes, [.. confusion]));
    }

    private int Forward(ReadOnlySpan<float> parameters, int block)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(block);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(block, BlockCount);
        var start = block * Evaluation.BlockSize;
        var count = Math.Min(Evaluation.BlockSize, _count - start);
        for (var index = 0; index < count; index++)
            _indices[index] = _first + start + index;
        _examples.Gather(_indices.AsSpan(0, count), _pass.Inputs(count), _pass.Targets(count));
        _pass.Forward(parameters, count);
        return count;
    }
}
