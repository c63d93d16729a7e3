namespace DistNet.Protocol;

/// <summary>The limits of a fetch.</summary>
public sealed record PieceLimits
{
    /// <summary>Most pieces that are asked for and have not come; default 4, at least 1.</summary>
    public int UnderWay { get; init; } = 4;

    /// <summary>After how long a question or a piece is asked for again; default 10 s.</summary>
    public TimeSpan ResendAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>After how long without any answer or piece the fetch has failed; default 60 s.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(60);
}
