namespace DistNet.Actors;

/// <summary>When the run manager last answered this node; written by the node's agent, read by whoever asks whether the node is ready.</summary>
/// <param name="time">The clock.</param>
internal sealed class NodeReadiness(TimeProvider time)
{
    // Reports are answered every second; on a busy machine some come late.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private long _heard;

    /// <summary>Whether the run manager knows this node.</summary>
    public bool IsRegistered => Volatile.Read(ref _heard) is not 0 and var heard && time.GetElapsedTime(heard) < Patience;

    /// <summary>It has just answered.</summary>
    public void Heard() => Volatile.Write(ref _heard, time.GetTimestamp());
}
