namespace DistNet;

/// <summary>What is done to a node.</summary>
internal enum ChaosKind
{
    /// <summary>Killed, as by SIGKILL; it is started again.</summary>
    Kill,

    /// <summary>Stopped, and let go on later.</summary>
    Pause,

    /// <summary>Stopped and let go on by turns.</summary>
    Slow,
}

/// <summary>One thing that is done to a node.</summary>
/// <param name="At">Since the run began.</param>
/// <param name="Kind">What.</param>
/// <param name="Node">To which one.</param>
/// <param name="Duration">For how long; zero for a kill.</param>
internal readonly record struct ChaosAct(TimeSpan At, ChaosKind Kind, string Node, TimeSpan Duration);

/// <summary>What befalls the nodes of a cluster, all from one seed: the same seed and nodes give the same schedule on every machine.</summary>
internal static class ChaosSchedule
{
    private static readonly TimeSpan ShortestCalm = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestCalm = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan ShortestSpell = TimeSpan.FromMilliseconds(200);

    // Beyond the 5 seconds after which a silent node is taken for lost.
    private static readonly TimeSpan LongestSpell = TimeSpan.FromSeconds(7);

    /// <summary>The schedule, without an end: one thing after the other, each over before the next begins.</summary>
    /// <param name="seed">Any number.</param>
    /// <param name="nodes">Names, in any order.</param>
    public static IEnumerable<ChaosAct> Draw(int seed, IEnumerable<string> nodes)
    {
        string[] names = [.. nodes.Order(StringComparer.Ordinal)];
        if (names.Length == 0) throw new ArgumentException("There are no nodes.", nameof(nodes));
        return Acts((ulong)seed, names);
    }

    private static IEnumerable<ChaosAct> Acts(ulong state, string[] names)
    {
        var time = TimeSpan.Zero;
        while (true)
        {
            time += Between(ref state, ShortestCalm, LongestCalm);
            var node = names[(int)(Next(ref state) % (ulong)names.Length)];
            var kind = (ChaosKind)(Next(ref state) % 3);
            var duration = Between(ref state, ShortestSpell, LongestSpell);
            var act = new ChaosAct(time, kind, node, kind == ChaosKind.Kill ? TimeSpan.Zero : duration);
            yield return act;
            time += act.Duration;
        }
    }

    private static TimeSpan Between(ref ulong state, TimeSpan least, TimeSpan most) =>
        least + TimeSpan.FromMilliseconds(Next(ref state) % (ulong)(most - least).TotalMilliseconds);

    // SplitMix64: Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators", 2014.
    private static ulong Next(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15;
        var bits = state;
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
        return bits ^ (bits >> 31);
    }
}
