using DistNet.Neural;

namespace DistNet;

/// <summary>Whole training through each engine, in turn.</summary>
internal sealed class TrainingBench(BenchSettings settings, IExampleSet training, TextWriter error, TimeProvider time)
{
    private const int ManyEpochs = 1_000_000; // the clock ends each session, not the last epoch

    /// <summary>The engines compared: plain, one worker, all workers.</summary>
    public IReadOnlyList<EngineSettings> Engines { get; } =
        [.. new EngineSettings[] { new("plain", 1, 1, 0), new("actors", 1, 1, 0), new("actors", settings.Workers, settings.ParameterShards, 0) }.Distinct()];

    /// <summary>Measures each engine in each round.</summary>
    public async Task<IReadOnlyList<EngineFigure>> MeasureAsync()
    {
        var sessions = Engines.ToDictionary(engine => engine, _ => new List<EngineFigure>());
        foreach (var engine in Engines) await SessionAsync(engine).ConfigureAwait(false); // the first session waits for the compiler
        for (var round = 0; round < BenchSettings.TrainingRounds; round++)
        {
            foreach (var engine in Engines) sessions[engine].Add(await SessionAsync(engine).ConfigureAwait(false));
        }

        return [.. Engines.Select(engine => Median(engine, sessions[engine]))];
    }

    /// <summary>plain, 1 worker, 8 workers.</summary>
    public static string Name(EngineSettings engine) =>
        engine.Engine == "plain" ? "plain" : engine.Workers == 1 ? "1 worker" : $"{engine.Workers} workers";

    private static EngineFigure Median(EngineSettings engine, List<EngineFigure> sessions)
    {
        double[] bytes = [.. sessions.Select(session => session.AllocatedBytesPerStep).OfType<double>()];
        return new EngineFigure(Name(engine), Stopclock.Median(sessions.Select(session => session.ExamplesPerSecond)), bytes.Length == 0 ? null : Stopclock.Median(bytes));
    }

    private async Task<EngineFigure> SessionAsync(EngineSettings settingsOfEngine)
    {
        var engine = DistNet.Engines.Create(settingsOfEngine, error, time);
        await using (engine.ConfigureAwait(false))
        {
            var job = new TrainingJob { Spec = settings.Spec with { Epochs = ManyEpochs }, Examples = training };
            using var stop = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
            var meter = new AllocationMeter(() => stop.CancelAfter(settings.Duration));
            var result = await engine.TrainAsync(job, meter, stop.Token).ConfigureAwait(false);
            return new EngineFigure("", result.ExamplesThisSession / Math.Max(result.TrainTime.TotalSeconds, 1e-9), meter.BytesPerStep);
        }
    }
}
