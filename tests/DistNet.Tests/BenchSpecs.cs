namespace DistNet.Tests;

/// <summary>What bench reports; how fast anything is belongs to the reader, not to a test.</summary>
public sealed class BenchSpecs : IDisposable
{
    private readonly Workspace _work = new();

    public void Dispose() => _work.Dispose();

    [Fact]
    public async Task Bench_reports_peaks_kernels_steps_and_engines_as_json()
    {
        var report = (await Workspace.Run(Bench("--json", "--workers", "2"))).Result;
        Assert.True(report.GetProperty("peakGflopsOneCore").GetDouble() > 0);
        Assert.True(report.GetProperty("peakMemoryBytes").GetInt64() > 0);
        Assert.Equal(["dense_0 Multiply", "dense_0 GradientSum", "dense_1 Multiply", "dense_1 GradientSum", "dense_1 MultiplyTransposed"],
            report.GetProperty("kernels").EnumerateArray().Select(kernel => kernel.GetProperty("kernel").GetString()));
        Assert.Equal("16 x 64 x 16", report.GetProperty("kernels")[0].GetProperty("shape").GetString()); // half of a mini-batch of 32
        foreach (var part in (string[])["engines", "steps"])
            Assert.Equal(["plain", "1 worker", "2 workers"], report.GetProperty(part).EnumerateArray().Select(engine => engine.GetProperty("engine").GetString()));
    }

    [Fact]
    public async Task Bench_is_a_table_for_readers()
    {
        var outcome = await Workspace.Run(Bench());
        Assert.Equal((0, ""), (outcome.Code, outcome.Error));
        foreach (var text in (string[])["GFLOP/s on one core", "a step, microseconds", "gather", "wait is not measured", "allocated per step"])
            Assert.Contains(text, outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_parts_of_a_step_and_what_is_left_of_it_add_up_to_the_step()
    {
        var images = Neural.ImageFolder.LoadTraining(_work.Data);
        var spec = new Neural.TrainingSpec { Network = Neural.NetworkSpec.WithInputs(64).Dense(10, Neural.Activation.Softmax).Minimize(Neural.Loss.CategoricalCrossentropy), Optimizer = Neural.OptimizerSpec.Parse("adam") };
        var step = new StepBench(new BenchSettings(spec, 2, 2, TimeSpan.FromMilliseconds(1)), images, TimeProvider.System).Split("any", 32, 2, 2, stepSeconds: 1);
        Assert.Equal(1e6, step.Gather + step.Forward + step.Backward + step.Reduce + step.Update + step.Wait, 1e-3);
        Assert.All((double[])[step.Gather, step.Forward, step.Backward, step.Reduce, step.Update], part => Assert.True(part > 0));
    }

    [Theory]
    [InlineData(new double[] { 3, 1, 2 }, 2)]
    [InlineData(new double[] { 4, 1, 2, 3 }, 2.5)]
    public void A_median_is_the_middle(double[] values, double median) => Assert.Equal(median, Stopclock.Median(values));

    private string[] Bench(params string[] options) =>
        ["bench", "--data", _work.Data, "--hidden", "16", "--batch", "32", "--seconds", "0.01", .. options];
}
