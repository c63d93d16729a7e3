using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace DistNet;

/// <summary>All figures of one `distnet bench`.</summary>
/// <param name="Processors">Logical processors the process may use.</param>
/// <param name="PeakGflopsOneCore">Pure fused multiply-adds on one core; two operations each.</param>
/// <param name="PeakGflopsAllCores">The same on all at once.</param>
/// <param name="Network">The network in one line.</param>
/// <param name="BatchSize">Examples per step.</param>
/// <param name="Kernels">Each kernel on one core.</param>
/// <param name="Steps">Where a step's time goes, for each engine.</param>
/// <param name="Engines">Whole training.</param>
/// <param name="PeakMemoryBytes">Of this process, the images included.</param>
internal sealed record BenchReport(
    int Processors,
    double PeakGflopsOneCore,
    double PeakGflopsAllCores,
    string Network,
    int BatchSize,
    IReadOnlyList<KernelFigure> Kernels,
    IReadOnlyList<StepFigure> Steps,
    IReadOnlyList<EngineFigure> Engines,
    long PeakMemoryBytes)
{
    /// <summary>The report in one line.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, BenchReportContext.Readable.BenchReport);
}

/// <summary>The speed of one kernel on one shape.</summary>
/// <param name="Kernel">Name and layer.</param>
/// <param name="Shape">rows x inner x columns.</param>
/// <param name="Gflops">Useful operations per second, in billions.</param>
/// <param name="ShareOfPeak">Of one core's peak, measured in turn with it.</param>
internal sealed record KernelFigure(string Kernel, string Shape, double Gflops, double ShareOfPeak);

/// <summary>Where the time of one step goes, in microseconds: each part measured alone, on one thread, and what they leave of the whole step.</summary>
/// <param name="Engine">Which.</param>
/// <param name="Gather">Images to numbers.</param>
/// <param name="Forward">Products, activations and loss.</param>
/// <param name="Backward">Gradient sums.</param>
/// <param name="Reduce">Adding the workers' sums.</param>
/// <param name="Update">Optimizer.</param>
/// <param name="Wait">Not measured, but the step less the parts: messages, waiting, and cores
/// disturbing each other; 0 where the parts alone take longer.</param>
/// <param name="Step">The whole step.</param>
internal sealed record StepFigure(string Engine, double Gather, double Forward, double Backward, double Reduce, double Update, double Wait, double Step);

/// <summary>The speed of training through one engine.</summary>
/// <param name="Engine">Which.</param>
/// <param name="ExamplesPerSecond">Over the steps.</param>
/// <param name="AllocatedBytesPerStep">Managed memory allocated per step, within an epoch; null if no epoch was long enough to tell.</param>
internal sealed record EngineFigure(string Engine, double ExamplesPerSecond, double? AllocatedBytesPerStep);

/// <summary>Serializes without reflection.</summary>
[JsonSerializable(typeof(BenchReport))]
internal sealed partial class BenchReportContext : JsonSerializerContext
{
    /// <summary>One line in camel case, which leaves arrows as they are.</summary>
    public static BenchReportContext Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
