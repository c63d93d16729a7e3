namespace DistNet.Neural;

/// <summary>The order in which an epoch takes the training examples.</summary>
public static class ExampleOrder
{
    /// <summary>A permutation that depends on count, seed and epoch alone, so that any node can make it for itself.</summary>
    /// <param name="count">Training examples, without those kept for validation.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="epoch">Which epoch, from 1.</param>
    /// <returns>Each index in [0, count) once.</returns>
    /// <remarks>Fisher and Yates's shuffle in Durstenfeld's form (Knuth, TAOCP 2, 3.4.2, algorithm P) over
    /// xoshiro256**.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">Count is negative, or epoch less than 1.</exception>
    public static int[] ForEpoch(int count, int seed, int epoch)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var order = new int[count];
        Fill(order, seed, epoch);
        return order;
    }

    /// <summary>The same permutation into a buffer: each index in [0, order.Length) once.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Epoch is less than 1.</exception>
    public static void Fill(Span<int> order, int seed, int epoch)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(epoch, 1);
        var random = Chance.Stream(seed, Chance.OrderStream, epoch);
        for (var index = 0; index < order.Length; index++)
            order[index] = index;
        for (var last = order.Length - 1; last > 0; last--)
        {
            var chosen = random.Next(last + 1);
            (order[last], order[chosen]) = (order[chosen], order[last]);
        }
    }
}
