using DistNet.Neural;

namespace DistNet;

/// <summary>Examples per second and time left, from the progress of one session.</summary>
/// <param name="plan">The steps of the whole run.</param>
/// <param name="startVersion">Steps made by earlier sessions.</param>
/// <param name="time">The clock.</param>
/// <remarks>Written by the trainer's thread and read by the display's: what both touch is atomic.</remarks>
internal sealed class TrainingSpeed(RunPlan plan, long startVersion, TimeProvider time)
{
    private long _started = time.GetTimestamp();
    private long _made; // steps of this session
    private long _heard = time.GetTimestamp(); // of the last progress: the session's time begins with the one before its first step

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

    private TimeSpan Elapsed => time.GetElapsedTime(Volatile.Read(ref _started));

    /// <summary>Takes note of the steps made.</summary>
    public void Observe(TrainingProgress progress)
    {
        if (Made == 0) Volatile.Write(ref _started, _heard);
        _heard = time.GetTimestamp();
        Volatile.Write(ref _made, Math.Max(0, progress.Version - startVersion));
    }
}
