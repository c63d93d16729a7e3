using System.Globalization;

namespace DistNet.Neural;

/// <summary>An optimizer and its constants; names, formulas and defaults are those of Keras 3.</summary>
/// <remarks>
/// In the formulas of the kinds g is the gradient, w a parameter, a the learning rate; each runs element by element in single
/// precision, in the order of operations that is written, each operation rounded by itself (no fused multiply-add).
/// </remarks>
public abstract record OptimizerSpec
{
    private protected OptimizerSpec(string name, float learningRate)
    {
        Name = name;
        LearningRate = learningRate;
    }

    /// <summary>Keras's name, in lower case: "rmsprop".</summary>
    public string Name { get; }

    /// <summary>Step size before the schedule; positive.</summary>
    public float LearningRate { get; init; }

    /// <summary>Names of the vectors it keeps per parameter, as Keras calls them; saved in checkpoints.</summary>
    public abstract IReadOnlyList<string> SlotNames { get; }

    /// <summary>The names of all optimizers.</summary>
    public static IReadOnlyList<string> Names { get; } = ["sgd", "momentum", "nesterov", "rmsprop", "adam", "adamw", "adagrad"];

    /// <summary>Reads an optimizer from text: its name, with options where Keras's defaults are not wanted: <c>adam</c>,
    /// <c>adam:beta1=0.8,learningRate=0.01</c>.</summary>
    /// <exception cref="ArgumentException">The name or an option is unknown, or a value is impossible; the message says which and
    /// what is possible.</exception>
    public static OptimizerSpec Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return From(NamedOptions.Parse("optimizer", text));
    }

    /// <summary>The text that <see cref="Parse"/> reads, with every option.</summary>
    public sealed override string ToString() => NamedOptions.Write(Name, Constants());

    internal static OptimizerSpec From(NamedOptions options)
    {
        OptimizerSpec optimizer = options.Name switch
        {
            "sgd" => SgdOptimizer.Read(options),
            "momentum" => MomentumOptimizer.Read(options),
            "nesterov" => NesterovOptimizer.Read(options),
            "rmsprop" => RmsPropOptimizer.Read(options),
            "adam" => AdamOptimizer.Read(options),
            "adamw" => AdamWOptimizer.Read(options),
            "adagrad" => AdagradOptimizer.Read(options),
            _ => throw new ArgumentException($"The optimizer '{options.Name}' is unknown: choose {KerasNames.Join(Names)}."),
        };
        options.RefuseUnknown();
        return optimizer.FirstProblem() is { } problem ? throw new ArgumentException(problem) : optimizer;
    }

    /// <summary>Its constants in the order in which they are written.</summary>
    internal abstract IEnumerable<KeyValuePair<string, float>> Constants();

    /// <summary>The number a slot starts from.</summary>
    internal virtual float InitialSlotValue => 0;

    /// <summary>One step over one run of parameters: the optimizer's formula on <see cref="UpdateArguments"/>.</summary>
    internal abstract void Update(in UpdateArguments arguments);

    /// <summary>What makes the constants impossible, as a sentence that begins with the JSON path, or null.</summary>
    internal string? FirstProblem()
    {
        foreach (var (key, value) in Constants())
        {
            var (fits, expected) = key switch
            {
                "learningRate" or "epsilon" => (value > 0 && float.IsFinite(value), "a positive number"),
                "initialAccumulator" or "weightDecay" => (value >= 0 && float.IsFinite(value), "a number of at least 0"),
                _ => (value is >= 0 and < 1, "at least 0 and less than 1"),
            };
            if (!fits)
                return $"optimizer.{key} must be {expected}, but is {value.ToString(CultureInfo.InvariantCulture)}.";
        }

        return null;
    }
}
