using System.Globalization;

namespace DistNet.Neural;

/// <summary>How the learning rate changes over the steps, after an optional linear warm-up.</summary>
/// <remarks>
/// Written in short as <c>cosine</c>, <c>step:drop=0.5,every=1000</c>, <c>exponential:rate=0.96,every=1000,warmup=200</c>.
/// During warm-up step s (from 0) uses base (s + 1) / warmup (Goyal et al. 2017); the schedule proper begins with the step after
/// it.
/// </remarks>
public abstract record ScheduleSpec
{
    private protected ScheduleSpec(string name, long warmupSteps)
    {
        Name = name;
        WarmupSteps = warmupSteps;
    }

    /// <summary>The same rate at each step, without warm-up.</summary>
    public static ScheduleSpec Constant { get; } = new ConstantSchedule();

    /// <summary>The names of all schedules.</summary>
    public static IReadOnlyList<string> Names { get; } = ["constant", "step", "exponential", "cosine"];

    /// <summary>Its name in short text and JSON.</summary>
    public string Name { get; }

    /// <summary>Steps of linear warm-up; 0 for none.</summary>
    public long WarmupSteps { get; init; }

    /// <summary>Reads a schedule from short text.</summary>
    /// <exception cref="ArgumentException">The name or an option is unknown, or a value is impossible; the message says which and
    /// what is possible.</exception>
    public static ScheduleSpec Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return From(NamedOptions.Parse("schedule", text));
    }

    /// <summary>The short text, with every option.</summary>
    public sealed override string ToString() => NamedOptions.Write(Name, Constants());

    /// <summary>The learning rate of a step.</summary>
    /// <param name="baseRate">The optimizer's learning rate.</param>
    /// <param name="step">Steps made before it.</param>
    /// <param name="totalSteps">Steps of the whole run.</param>
    /// <returns>The rate, computed in double precision with operations that give the same bits everywhere.</returns>
    public double LearningRateAt(double baseRate, long step, long totalSteps) => step < WarmupSteps
        ? baseRate * (step + 1) / WarmupSteps
        : baseRate * FactorAt(step - WarmupSteps, Math.Max(1, totalSteps - WarmupSteps));

    internal static ScheduleSpec From(NamedOptions options)
    {
        ScheduleSpec schedule = options.Name switch
        {
            "constant" => ConstantSchedule.Read(options),
            "step" => StepSchedule.Read(options),
            "exponential" => ExponentialSchedule.Read(options),
            "cosine" => CosineSchedule.Read(options),
            _ => throw new ArgumentException($"The schedule '{options.Name}' is unknown: choose {KerasNames.Join(Names)}."),
        };
        options.RefuseUnknown();
        return schedule.FirstProblem() is { } problem ? throw new ArgumentException(problem) : schedule;
    }

    /// <summary>What the base rate is multiplied with, a number of steps after the warm-up.</summary>
    private protected abstract double FactorAt(long step, long totalSteps);

    /// <summary>Its constants in the order in which they are written.</summary>
    internal abstract IEnumerable<KeyValuePair<string, double>> Constants();

    /// <summary>What makes the constants impossible, as a sentence that begins with the JSON path, or null.</summary>
    internal string? FirstProblem()
    {
        foreach (var (key, value) in Constants())
        {
            var (fits, expected) = key switch
            {
                "warmup" => (value >= 0, "a number of steps of at least 0"),
                "every" => (value >= 1, "a number of steps of at least 1"),
                "floor" => (value is >= 0 and <= 1, "a share of the learning rate from 0 to 1"),
                _ => (value is > 0 and <= 1, "greater than 0 and at most 1"),
            };
            if (!fits)
                return $"schedule.{key} must be {expected}, but is {value.ToString(CultureInfo.InvariantCulture)}.";
        }

        return null;
    }
}
