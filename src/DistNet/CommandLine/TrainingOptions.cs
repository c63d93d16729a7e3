using System.CommandLine;
using System.CommandLine.Parsing;
using DistNet.Neural;

namespace DistNet;

/// <summary>The options of the run specification beside the network: with it, all that the bits of the result depend on.</summary>
internal sealed class TrainingOptions
{
    private readonly Option<OptimizerSpec?> _optimizer = new("--optimizer")
    {
        Description = $"How weights follow gradients: {string.Join(", ", OptimizerSpec.Names)}, as in adam:beta1=0.8 "
            + "[default: rmsprop; for a table adam:learningRate=0.01]",
        HelpName = "NAME",
        CustomParser = result => Parse(result, OptimizerSpec.Parse),
    };

    private readonly Option<ScheduleSpec?> _schedule = new("--schedule")
    {
        Description = $"How the learning rate changes: {string.Join(", ", ScheduleSpec.Names)}, as in cosine:warmup=200 or step:drop=0.5,every=1000 "
            + "[default: constant]",
        HelpName = "SCHEDULE",
        CustomParser = result => Parse(result, ScheduleSpec.Parse),
    };

    private readonly Option<double?> _learningRate =
        CommandOptions.Number("--learning-rate", "RATE", 0, double.PositiveInfinity, "Step size [default: the optimizer's own]");
    private readonly Option<double?> _weightDecay =
        CommandOptions.Number("--weight-decay", "DECAY", 0, double.PositiveInfinity, "L2 penalty on the kernels: so many times a weight is added to its gradient [default: 0]");
    private readonly Option<int> _epochs = CommandOptions.Count("--epochs", "N", 1, 5, "Passes over the training examples; without it 100 for a table");
    private readonly Option<int> _batch = CommandOptions.Count("--batch", "N", 1, 128, "Examples per step; without it 32 for a table");
    private readonly Option<int> _microBatch =
        CommandOptions.Count("--micro-batch", "N", 1, 16, "Examples per unit of work; another size, other bits");
    private readonly Option<int> _seed = CommandOptions.Count("--seed", "N", 0, 1, "Seeds initial weights and shuffles");
    private readonly Option<double?> _validation =
        CommandOptions.Number("--validation", "SHARE", 0, 1, "Share of the training examples, the last ones, kept for validation [default: 0]");
    private readonly Option<int?> _earlyStopping =
        CommandOptions.OptionalCount("--early-stopping", "PATIENCE", 1, "Stop when the loss has not fallen for this many epochs");

    private readonly Option<DistortionSpec?> _distortion = new("--distortion")
    {
        Description = "Distort training images anew in each epoch, as in elastic or elastic:alpha=34,sigma=4,affine=0.1 [default: none]",
        HelpName = "DISTORTION",
        CustomParser = result => Parse(result, DistortionSpec.Parse),
    };

    /// <summary>Builds the option set.</summary>
    public TrainingOptions()
    {
        _optimizer.CompletionSources.Add([.. OptimizerSpec.Names]);
        _schedule.CompletionSources.Add([.. ScheduleSpec.Names]);
        _distortion.CompletionSources.Add([.. DistortionSpec.Names]);
    }

    /// <summary>All of them, in the order of the help.</summary>
    public IReadOnlyList<Option> All =>
        [_optimizer, _learningRate, _schedule, _weightDecay, _epochs, _batch, _microBatch, _seed, _validation, _earlyStopping, _distortion];

    /// <summary>Those that say what one step is.</summary>
    public IReadOnlyList<Option> OfStep => [_optimizer, _batch, _microBatch];

    /// <summary>The specification asked for: what is given on the command line over what it starts from.</summary>
    public TrainingSpec Build(ParseResult parsed, TrainingSpec start) => start with
    {
        Optimizer = Optimizer(parsed, start.Optimizer),
        Schedule = parsed.GetValue(_schedule) ?? start.Schedule,
        WeightDecay = (float?)parsed.GetValue(_weightDecay) ?? start.WeightDecay,
        Epochs = Given(parsed, _epochs, start.Epochs),
        BatchSize = Given(parsed, _batch, start.BatchSize),
        MicroBatchSize = Given(parsed, _microBatch, start.MicroBatchSize),
        Seed = Given(parsed, _seed, start.Seed),
        ValidationFraction = parsed.GetValue(_validation) ?? start.ValidationFraction,
        EarlyStoppingPatience = parsed.GetValue(_earlyStopping) ?? start.EarlyStoppingPatience,
        Distortion = parsed.GetValue(_distortion) ?? start.Distortion,
    };

    private OptimizerSpec Optimizer(ParseResult parsed, OptimizerSpec start)
    {
        var optimizer = parsed.GetValue(_optimizer) ?? start;
        return parsed.GetValue(_learningRate) is { } rate ? optimizer with { LearningRate = (float)rate } : optimizer;
    }

    private static int Given(ParseResult parsed, Option<int> option, int otherwise) =>
        parsed.IsGiven(option) ? parsed.GetValue(option) : otherwise;

    private static T? Parse<T>(ArgumentResult result, Func<string, T> parse)
        where T : class
    {
        try
        {
            return parse(result.Tokens[0].Value);
        }
        catch (ArgumentException impossible)
        {
            result.AddError(impossible.Message);
            return null;
        }
    }
}
