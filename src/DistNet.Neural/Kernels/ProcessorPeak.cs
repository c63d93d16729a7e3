namespace DistNet.Neural.Kernels;

/// <summary>The processor's arithmetic limit: what the kernels' speed is a share of.</summary>
public static partial class ProcessorPeak
{
    /// <summary>Runs nothing but independent fused multiply-adds of float at the widest vectors, and counts.</summary>
    /// <param name="threads">Threads at once, at least 1: usually one for each core.</param>
    /// <param name="duration">How long, more than 0; the best of its short slices counts, because other programs disturb the rest.</param>
    /// <param name="time">The clock.</param>
    /// <returns>Floating-point operations per second over all threads; a fused multiply-add is 2.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number of threads is below 1, or the duration not positive.</exception>
    public static double Measure(int threads, TimeSpan duration, TimeProvider time)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(duration, TimeSpan.Zero);
        ArgumentNullException.ThrowIfNull(time);
        var best = new double[threads];
        var others = Enumerable.Range(1, threads - 1).Select(i => new Thread(() => best[i] = MeasureOneThread(duration, time))).ToArray();
        Array.ForEach(others, thread => thread.Start());
        best[0] = MeasureOneThread(duration, time);
        Array.ForEach(others, thread => thread.Join());
        return best.Sum();
    }

    private static double MeasureOneThread(TimeSpan duration, TimeProvider time)
    {
        var best = 0.0;
        var start = time.GetTimestamp();
        do
        {
            var sliceStart = time.GetTimestamp();
            var operations = Slice();
            var elapsed = time.GetElapsedTime(sliceStart).TotalSeconds;
            if (elapsed > 0)
                best = Math.Max(best, operations / elapsed);
        }
        while (time.GetElapsedTime(start) < duration);
        return best;
    }
}
