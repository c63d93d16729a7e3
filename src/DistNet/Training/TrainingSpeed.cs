using DistNet.Neural;

namespace DistNet;

/// <summary>Examples per second and time left, from the progress of one session.</summary>
/// <param name="plan">The steps of the whole run.</param>
/// <param name="startVersion">Steps made by earlier sessions.</param>
/// <param name="time">The clock.</param>
/// <remarks>Written by the trainer's thread and read by the display's: the one field that changes is atomic.</remarks>
internal sealed class TrainingSpeed(RunPlan plan, long startVersion, TimeProvider time)
{
    private readonly long _started = time.GetTimestamp();
    private long _made; // steps of this session

    /// <summary>The steps of the whole run.</summary>
    public RunPlan Plan => plan;

    /// <summary>Steps made so far, earlier sessions included.</summary>
    public long Version => startVersion + Made;

    /// <summary>Mean over the session so far; 0 before the first step.</summary>
    public double ExamplesPerSecond =>
        (plan.ExamplesUntil(Version) - plan.ExamplesUntil(startVersion)) / Math.Max(Elapsed.TotalSeconds, 1e-9);

    /// <summary>Until the last step, at the mean pace so far; null before the first step.</summary>
    public TimeSpan? TimeLeft
    {
        get
        {
            var made = Made;
            return made == 0 ? null : Elapsed / made * (plan.TotalSteps - startVersion - made);
        }
    }

    private long Made => Volatile.Read(ref _made);

    private TimeSpan Elapsed => time.GetElapsedTime(_started);

    /// <summary>Takes note of the steps made.</summary>
    public void Observe(TrainingProgress progress) => Volatile.Write(ref _made, progress.Version - startVersion);
}
