using DistNet.Neural;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace DistNet;

/// <summary>A live bar with loss, accuracy, examples per second and time left, over the lines of the epochs that are done.</summary>
internal sealed class LiveProgress(IAnsiConsole console, TrainingSpeed speed, bool hasClasses = true) : ITrainingObserver
{
    private readonly Lock _gate = new();
    private TrainingProgress _latest = new(speed.Version, speed.Plan.EpochOf(speed.Version), default); // guarded by _gate: the display's thread reads what the trainer's writes

    /// <summary>Shows the bar while the training runs.</summary>
    public async Task<T> Show<T>(Func<Task<T>> training)
    {
        var progress = console.Progress().AutoClear(true).Columns([.. Columns(console.Profile.Width)]);
        return await progress.StartAsync(context => Run(context, training)).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void OnProgress(TrainingProgress progress)
    {
        speed.Observe(progress);
        lock (_gate) _latest = progress;
    }

    /// <inheritdoc/>
    public void OnEpoch(EpochReport report) => console.Write(new LineAboveLive(EpochLines.Describe(report, speed, hasClasses)));

    /// <inheritdoc/>
    public void OnCheckpoint(long version, string path)
    {
        // The bar is about what is under way; the last checkpoint is named when the run stops.
    }

    /// <summary>What fits: the least important goes first on a narrow terminal.</summary>
    private IEnumerable<ProgressColumn> Columns(int width)
    {
        yield return new FigureColumn(() => $"epoch {Latest.Epoch}/{speed.Plan.Epochs}");
        if (width >= 90) yield return new ProgressBarColumn { Width = Math.Min(width - 80, 40) };
        yield return new FigureColumn(() => Latest.EpochStatistics.Examples == 0 ? "" : $"loss {Figures.Loss(Latest.EpochStatistics.MeanLoss)}");
        if (width >= 60 && hasClasses) yield return new FigureColumn(() => Latest.EpochStatistics.Examples == 0 ? "" : $"accuracy {Figures.Percent(Latest.EpochStatistics.Accuracy)}");
        if (width >= 75) yield return new FigureColumn(() => $"{Figures.Whole(speed.ExamplesPerSecond)} examples/s");
        yield return new FigureColumn(() => speed.TimeLeft is { } left ? $"{Figures.Duration(TimeSpan.FromSeconds(Math.Ceiling(left.TotalSeconds)))} left" : "");
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
        var task = context.AddTask("training", maxValue: speed.Plan.TotalSteps);
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
