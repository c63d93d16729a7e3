namespace DistNet;

/// <summary>What the process tells its caller.</summary>
internal static class ExitCode
{
    /// <summary>All went well.</summary>
    public const int Success = 0;

    /// <summary>The command was understood, but could not be carried out.</summary>
    public const int Failed = 1;

    /// <summary>The command line asks for what does not exist.</summary>
    public const int Usage = 2;

    /// <summary>A node was taken for lost by its cluster, or not let in; started again it joins anew: sysexits' EX_TEMPFAIL.</summary>
    public const int Downed = 75;

    /// <summary>A node does not belong to the cluster: it has another protocol version or another secret; sysexits' EX_NOPERM.</summary>
    public const int Refused = 77;

    /// <summary>Stopped by Ctrl-C or by a termination signal: 128 + SIGINT, as shells count.</summary>
    public const int Interrupted = 130;
}
