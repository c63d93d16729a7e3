using DistNet.Neural.Kernels;

namespace DistNet.Neural;

/// <summary>The same rate at each step after the warm-up: <c>constant</c>, <c>constant:warmup=200</c>.</summary>
/// <param name="WarmupSteps">Steps of linear warm-up.</param>
public sealed record ConstantSchedule(long WarmupSteps = 0) : ScheduleSpec("constant", WarmupSteps)
{
    internal static ConstantSchedule Read(NamedOptions options) => new(options.Int64("warmup", 0));

    private protected override double FactorAt(long step, long totalSteps) => 1;

    internal override IEnumerable<KeyValuePair<string, double>> Constants() => [new("warmup", WarmupSteps)];
}

/// <summary>Drops in stairs: rate = base drop^floor(s / every). <c>step:drop=0.5,every=1000</c>. Keras's ExponentialDecay with
/// staircase.</summary>
/// <param name="Drop">Factor of each stair, in (0, 1].</param>
/// <param name="Every">Steps of a stair, at least 1.</param>
/// <param name="WarmupSteps">Steps of linear warm-up.</param>
public sealed record StepSchedule(double Drop = 0.5, long Every = 1000, long WarmupSteps = 0) : ScheduleSpec("step", WarmupSteps)
{
    internal static StepSchedule Read(NamedOptions options) =>
        new(options.Double("drop", 0.5), options.Int64("every", 1000), options.Int64("warmup", 0));

    private protected override double FactorAt(long step, long totalSteps) => ElementaryFunctions.Power(Drop, step / Every);

    internal override IEnumerable<KeyValuePair<string, double>> Constants() =>
        [new("drop", Drop), new("every", Every), new("warmup", WarmupSteps)];
}

/// <summary>Falls smoothly: rate = base rate^(s / every). <c>exponential:rate=0.96,every=1000</c>. Keras's
/// ExponentialDecay.</summary>
/// <param name="Rate">Factor over <paramref name="Every"/> steps, in (0, 1].</param>
/// <param name="Every">Steps over which the rate is multiplied with it once, at least 1.</param>
/// <param name="WarmupSteps">Steps of linear warm-up.</param>
public sealed record ExponentialSchedule(double Rate = 0.96, long Every = 1000, long WarmupSteps = 0)
    : ScheduleSpec("exponential", WarmupSteps)
{
    internal static ExponentialSchedule Read(NamedOptions options) =>
        new(options.Double("rate", 0.96), options.Int64("every", 1000), options.Int64("warmup", 0));

    private protected override double FactorAt(long step, long totalSteps) => ElementaryFunctions.Power(Rate, (double)step / Every);

    internal override IEnumerable<KeyValuePair<string, double>> Constants() =>
        [new("rate", Rate), new("every", Every), new("warmup", WarmupSteps)];
}

/// <summary>
/// Half a cosine down to a floor at the end of the run: rate = base (floor + (1 - floor) (1 + cos(pi s / S)) / 2), S being the
/// steps after the warm-up. <c>cosine</c>, <c>cosine:floor=0.1,warmup=200</c>. Loshchilov and Hutter 2017, section 3; Keras's
/// CosineDecay (floor is its alpha).
/// </summary>
/// <param name="Floor">Share of the base rate that is left at the end, in [0, 1].</param>
/// <param name="WarmupSteps">Steps of linear warm-up.</param>
public sealed record CosineSchedule(double Floor = 0, long WarmupSteps = 0) : ScheduleSpec("cosine", WarmupSteps)
{
    internal static CosineSchedule Read(NamedOptions options) => new(options.Double("floor", 0), options.Int64("warmup", 0));

    private protected override double FactorAt(long step, long totalSteps)
    {
        var done = (double)Math.Min(step, totalSteps) / totalSteps;
        return Floor + ((1 - Floor) * 0.5 * (1 + ElementaryFunctions.Cos(Math.PI * done)));
    }

    internal override IEnumerable<KeyValuePair<string, double>> Constants() => [new("floor", Floor), new("warmup", WarmupSteps)];
}
