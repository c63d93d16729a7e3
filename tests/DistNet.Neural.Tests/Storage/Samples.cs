namespace DistNet.Neural.Tests;

/// <summary>A small run to be stored and read back.</summary>
internal static class Samples
{
    /// <summary>3 inputs, 2 hidden units, 2 outputs: 14 parameters.</summary>
    public static TrainingSpec Spec(string optimizer = "adam") => new()
    {
        Network = NetworkSpec.WithInputs(3).Dense(2, Activation.Relu).Dense(2, Activation.Softmax).Minimize(Loss.CategoricalCrossentropy),
        Optimizer = OptimizerSpec.Parse(optimizer),
        Schedule = ScheduleSpec.Parse("cosine:warmup=10"),
        Epochs = 3,
        Seed = 42,
        ValidationFraction = 0.1,
    };

    public static DataDescription Data { get; } = new("abc123", 100, 3, 2, "data/mnist");

    public static EngineSettings Engine { get; } = new("actors", 2, 2, 100);

    public static float[] Parameters { get; } =
        [1, -2, 0.1f, float.Epsilon, -0f, 1e30f, 7, 8, 9, 10, 11, 12, 13, float.MaxValue];

    /// <summary>Sums whose last bits matter: 0.1 + 0.2 is not 0.3.</summary>
    public static Checkpoint Checkpoint(long version = 12) => new()
    {
        Spec = Spec(),
        DataHash = "abc123",
        Version = version,
        Parameters = Parameters,
        Slots = new Dictionary<string, float[]>
        {
            ["momentum"] = [.. Parameters.Select(value => value / 2)],
            ["velocity"] = [.. Parameters.Select(value => value / 3)],
        },
        EpochStatistics = new LossStatistics(0.1 + 0.2, 3, 4),
        History =
        [
            new EpochReport(1, new LossStatistics(1 / 3.0, 50, 90), new LossStatistics(double.MaxValue, 5, 10)),
            new EpochReport(2, new LossStatistics(double.NaN, 60, 90), null),
        ],
    };

    public static Model Model() => new() { Spec = Spec(), Data = Data, Version = 12, Parameters = Parameters };

    public static RunResult Result(string run = "20261124-025512") => new()
    {
        Run = run,
        Engine = "actors",
        Workers = 2,
        ParameterShards = 2,
        Nodes = 1,
        Epochs = 5,
        Steps = 2345,
        Examples = 300000,
        TrainSeconds = 3.125,
        ExamplesPerSecond = 96000,
        TrainLoss = 0.04,
        TestLoss = 0.07,
        TestAccuracy = 0.979,
        WeightsSha256 = "ff",
        Model = "runs/20261124-025512/model.safetensors",
    };

    public static void AssertEqual(Checkpoint expected, Checkpoint? actual)
    {
        Assert.NotNull(actual);
        Assert.Equal(expected.Spec, actual.Spec);
        Assert.Equal((expected.DataHash, expected.Version, expected.EpochStatistics), (actual.DataHash, actual.Version, actual.EpochStatistics));
        Assert.Equal(expected.History, actual.History);
        AssertSameBits(expected.Parameters, actual.Parameters);
        Assert.Equal(expected.Slots.Keys, actual.Slots.Keys);
        foreach (var (name, slot) in expected.Slots)
            AssertSameBits(slot, actual.Slots[name]);
    }

    /// <summary>Equal to the bit: -0 is not 0.</summary>
    public static void AssertSameBits(float[] expected, float[] actual) =>
        Assert.Equal(expected.Select(BitConverter.SingleToUInt32Bits), actual.Select(BitConverter.SingleToUInt32Bits));
}

/// <summary>A clock that stands still until it is set.</summary>
internal sealed class SetTime(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Now;
}
