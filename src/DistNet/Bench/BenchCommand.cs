using System.CommandLine;
using System.Diagnostics;
using DistNet.Neural;
using DistNet.Neural.Kernels;

namespace DistNet;

/// <summary>`distnet bench`: how fast this machine trains, and what share of its arithmetic limit that is.</summary>
internal sealed class BenchCommand
{
    private readonly DataOptions _data = new();
    private readonly NetworkOptions _network = new();
    private readonly TrainingOptions _training = new();
    private readonly EngineOptions _engine = new();
    private readonly Option<double?> _seconds = CommandOptions.Number("--seconds", "S", 0.01, 3600, "Time for each part [default: 1]");
    private readonly Option<bool> _json = CommandOptions.Switch("--json", "Print the figures as one line of JSON");

    private BenchCommand()
    {
    }

    /// <summary>Builds the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var bench = new BenchCommand();
        var command = new ProgramCommand(
            "bench",
            "Measure kernels, steps and training on this machine",
            "distnet bench",
            "distnet bench --seconds 5 --json",
            "distnet bench --optimizer sgd --hidden 256,256");
        command.Add([bench._data.Folder, .. bench._network.All, .. bench._training.OfStep, .. bench._engine.Parallelism, bench._seconds, bench._json]);
        command.SetAction(parsed => bench.RunAsync(parsed, terminal));
        return command;
    }

    private async Task RunAsync(ParseResult parsed, Terminal terminal)
    {
        var images = ImageFolder.LoadTraining(_data.FolderOf(parsed));
        var report = await MeasureAsync(Settings(parsed, images), images, terminal.Error, TimeProvider.System).ConfigureAwait(false);
        if (parsed.GetValue(_json)) terminal.Output.WriteLine(report.ToJson());
        else BenchTables.Write(report, terminal);
    }

    private BenchSettings Settings(ParseResult parsed, ImageSet images)
    {
        var usual = UsualSpec.OfImages(images.InputSize, images.TargetSize);
        var (spec, engine) = (Specs.Valid(_training.Build(parsed, _network.Build(parsed, usual)), images.Count), _engine.Read(parsed, resumed: null));
        new MemoryDemand(spec, images.Count, engine).Check();
        var measured = spec with { BatchSize = Math.Min(spec.BatchSize, images.Count) };
        return new BenchSettings(measured, engine.Workers, engine.ParameterShards, TimeSpan.FromSeconds(parsed.GetValue(_seconds) ?? 1));
    }

    private static async Task<BenchReport> MeasureAsync(BenchSettings settings, ImageSet images, TextWriter error, TimeProvider time)
    {
        var training = new TrainingBench(settings, images, error, time);
        var engines = await training.MeasureAsync().ConfigureAwait(false);
        var (peak, kernels) = new KernelBench(settings, time).Measure();
        var steps = new StepBench(settings, images, time);
        var batch = settings.Spec.BatchSize;
        return new BenchReport(
            Environment.ProcessorCount,
            peak,
            ProcessorPeak.Measure(Environment.ProcessorCount, settings.Duration, time) / 1e9,
            NetworkText.Of(settings.Spec.Network),
            batch,
            kernels,
            [.. training.Engines.Zip(engines, (engine, figure) => steps.Split(figure.Engine, engine.Workers == 1 ? batch : settings.Share, engine.Workers, engine.ParameterShards, batch / figure.ExamplesPerSecond))],
            engines,
            PeakMemory());
    }

    private static long PeakMemory()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}
