using DistNet.Neural;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace DistNet;

/// <summary>A live bar with loss, accuracy, examples per second and time left, over the lines of the epochs that are done.</summary>
internal sealed class LiveProgress(IAnsiConsole console, int epochs, TrainingSpeed speed) : ITrainingObserver
{
    private readonly Lock _gate = new();
    private TrainingProgress _latest; // guarded by _gate: the display's thread reads what the trainer's writes

    /// <summary>Shows the bar while the training runs.</summary>
    public async Task<T> Show<T>(Func<Task<T>> training)
    {
        var progress = console.Progress().AutoClear(true).Columns(
            new FigureColumn(() => $"epoch {Latest.Epoch}/{epochs}"),
            new ProgressBarColumn { Width = Math.Clamp(console.Profile.Width - 75, 8, 40) },
            new FigureColumn(() => $"loss {Figures.Loss(Latest.EpochStatistics.MeanLoss)}"),
            new FigureColumn(() => $"accuracy {Figures.Percent(Latest.EpochStatistics.Accuracy)}"),
            new FigureColumn(() => $"{Figures.Whole(speed.ExamplesPerSecond)}/s"),
            new FigureColumn(() => speed.TimeLeft is { } left ? $"{Figures.Duration(left)} left" : ""));
        return await progress.StartAsync(context => Run(context, training)).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void OnProgress(TrainingProgress progress)
    {
        speed.Observe(progress);
        lock (_gate) _latest = progress;
    }

    /// <inheritdoc/>
    public void OnEpoch(EpochReport report) => console.WriteLine(EpochLines.Describe(report, epochs, speed));

    /// <inheritdoc/>
    public void OnCheckpoint(long version, string path)
    {
        // The bar is about what is under way; the last checkpoint is named when the run stops.
    }

    private TrainingProgress Latest
    {
        get
        {
            lock (_gate) return _latest;
        }
    }

    private async Task<T> Run<T>(ProgressContext context, Func<Task<T>> training)
    {
        var task = context.AddTask("training", maxValue: speed.TotalSteps);
        using var timer = new Timer(_ => task.Value = speed.Version, null, TimeSpan.Zero, TimeSpan.FromMilliseconds(100));
        return await training().ConfigureAwait(false);
    }

    /// <summary>A figure that is read anew at each refresh.</summary>
    private sealed class FigureColumn(Func<string> text) : ProgressColumn
    {
        protected override bool NoWrap => true;

        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) => new Text(text());
    }
}
