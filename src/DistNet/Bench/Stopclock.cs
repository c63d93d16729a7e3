namespace DistNet;

/// <summary>Measures how long a call takes, against a noisy machine: the median of many slices, each long enough for the clock.</summary>
internal sealed class Stopclock(TimeProvider time)
{
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(2);

    /// <summary>Seconds per call, measured over about the duration; at least one slice.</summary>
    public double SecondsPerCall(Action call, TimeSpan duration)
    {
        call();
        var calls = CallsPerSlice(call);
        var slices = new List<double>();
        var began = time.GetTimestamp();
        do slices.Add(Seconds(call, calls) / calls);
        while (time.GetElapsedTime(began) < duration);
        return Median(slices);
    }

    /// <summary>The middle one, or the mean of the middle two.</summary>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private int CallsPerSlice(Action call)
    {
        var calls = 1;
        while (calls < 1 << 20 && Seconds(call, calls) < Slice.TotalSeconds) calls *= 2;
        return calls;
    }

    private double Seconds(Action call, int calls)
    {
        var began = time.GetTimestamp();
        for (var i = 0; i < calls; i++) call();
        return time.GetElapsedTime(began).TotalSeconds;
    }
}
