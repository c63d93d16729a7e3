using System.Text.RegularExpressions;
using DistNet.Neural;
using Spectre.Console.Testing;

namespace DistNet.Tests;

/// <summary>What is shown while a run goes on.</summary>
public sealed class ProgressSpecs
{
    private readonly ManualTime _time = new();

    [Fact]
    public void Speed_counts_the_examples_of_this_session_and_time_left_goes_to_the_last_step()
    {
        var speed = Speed(startVersion: 10); // of 5 epochs of 8 steps over 240 examples
        Assert.Equal((0, null), (speed.ExamplesPerSecond, speed.TimeLeft));
        _time.Advance(TimeSpan.FromSeconds(2));
        speed.Observe(new TrainingProgress(14, 2, default));
        Assert.Equal(4 * 32 / 2, speed.ExamplesPerSecond);
        Assert.Equal(TimeSpan.FromSeconds(2.0 / 4 * 26), speed.TimeLeft);
    }

    [Fact]
    public void An_epoch_is_one_line_with_loss_accuracy_validation_and_speed()
    {
        using var writer = new StringWriter();
        var lines = new EpochLines(writer, Speed(0));
        _time.Advance(TimeSpan.FromSeconds(1));
        lines.OnProgress(new TrainingProgress(8, 1, default));
        lines.OnEpoch(new EpochReport(1, new LossStatistics(24, 180, 240), new LossStatistics(5, 9, 10)));
        Assert.Equal($"epoch 1/5  loss 0.1000  accuracy 75.00 %  validation 0.5000, 90.00 %  240 examples/s{Environment.NewLine}", writer.ToString());
    }

    [Theory]
    [InlineData(40, "loss 0.5000", "accuracy")]
    [InlineData(80, "accuracy 25.00 %", "━━━━")]
    [InlineData(120, "━━━━", "nothing")]
    public async Task The_live_display_shows_what_fits_the_terminal(int width, string shown, string missing)
    {
        using var console = new TestConsole().Width(width).EmitAnsiSequences();
        console.Profile.Capabilities.Interactive = true;
        var live = new LiveProgress(console, Speed(0));
        var result = await live.Show(() =>
        {
            live.OnProgress(new TrainingProgress(4, 1, new LossStatistics(64, 32, 128)));
            return Task.FromResult(7);
        });
        Assert.Equal(7, result);
        Assert.Contains(shown, console.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(missing, console.Output, StringComparison.Ordinal);
        Assert.All(console.Lines, line => Assert.InRange(Regex.Replace(line, "\u001b\\[[?0-9;]*[A-Za-z]", "").Length, 0, width));
    }

    [Fact]
    public async Task Lines_of_epochs_stay_above_the_live_display()
    {
        using var console = new TestConsole().Width(120);
        var live = new LiveProgress(console, Speed(0));
        await live.Show(() =>
        {
            live.OnEpoch(new EpochReport(1, new LossStatistics(24, 180, 240), null));
            return Task.FromResult(0);
        });
        Assert.Contains("epoch 1/5  loss 0.1000", console.Output, StringComparison.Ordinal);
    }

    private TrainingSpeed Speed(long startVersion)
    {
        var network = NetworkSpec.WithInputs(4).Dense(2, Activation.Softmax).Minimize(Loss.CategoricalCrossentropy);
        var spec = new TrainingSpec { Network = network, Optimizer = OptimizerSpec.Parse("sgd"), BatchSize = 32 };
        return new TrainingSpeed(new RunPlan(spec, 240), startVersion, _time);
    }

    /// <summary>A clock that stands still until told.</summary>
    private sealed class ManualTime : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Advance(TimeSpan time) => _ticks += time.Ticks;
    }
}
