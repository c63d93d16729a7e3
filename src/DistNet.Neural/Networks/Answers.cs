using System.Numerics;

namespace DistNet.Neural;

/// <summary>Which class a network's outputs name, and whether it is the right one.</summary>
public static class Answers
{
    /// <summary>Classes the network tells apart: its outputs, or 2 for one output under binary cross-entropy, or 0 for a
    /// regression (one output, squared error).</summary>
    public static int ClassCount(NetworkSpec network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return network.OutputSize > 1 ? network.OutputSize
            : network.Loss == Loss.BinaryCrossentropy ? 2
            : 0;
    }

    /// <summary>The class that a row of outputs, or of targets, names.</summary>
    /// <param name="network">The network.</param>
    /// <param name="row">One number per output.</param>
    /// <returns>The index of the largest, the first of equals; for one output under binary cross-entropy 1 if above 0.5, else 0;
    /// -1 for a regression.</returns>
    /// <exception cref="ArgumentException">The row has another length than the output layer.</exception>
    public static int ClassOf<T>(NetworkSpec network, ReadOnlySpan<T> row)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(network);
        if (row.Length != network.OutputSize)
            throw new ArgumentException(
                $"The network has {network.OutputSize} outputs, but the row holds {row.Length}.", nameof(row));
        return row.Length > 1 ? IndexOfMaximum(row)
            : network.Loss != Loss.BinaryCrossentropy ? -1
            : row[0] > T.CreateChecked(0.5) ? 1 : 0;
    }

    /// <summary>Whether outputs and targets name the same class; false for a regression.</summary>
    internal static bool IsCorrect<T>(NetworkSpec network, ReadOnlySpan<T> outputs, ReadOnlySpan<T> targets)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var answer = ClassOf(network, outputs);
        return answer >= 0 && answer == ClassOf(network, targets);
    }

    internal static int IndexOfMaximum<T>(ReadOnlySpan<T> row)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var best = 0;
        for (var index = 1; index < row.Length; index++)
            best = row[index] > row[best] ? index : best;
        return best;
    }
}
