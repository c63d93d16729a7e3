namespace DistNet.Neural;

/// <summary>One-hot targets: a label becomes a row of zeros with a 1 at the label's index (Keras: <c>to_categorical</c>).</summary>
public static class OneHot
{
    /// <summary>Writes the row of one label.</summary>
    /// <param name="label">0 up to, but not including, the length of <paramref name="row"/>.</param>
    /// <param name="row">One number per class; overwritten.</param>
    /// <exception cref="ArgumentOutOfRangeException">The label is outside the row.</exception>
    public static void Encode(int label, Span<float> row)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(label);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(label, row.Length);
        row.Clear();
        row[label] = 1;
    }

    /// <summary>The rows of many labels.</summary>
    /// <param name="labels">Each below <paramref name="classCount"/>.</param>
    /// <param name="classCount">Numbers per row, at least 1.</param>
    /// <returns>labels.Length x classCount, row-major.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The class count is below 1, or a label is not below it.</exception>
    public static float[] Encode(ReadOnlySpan<byte> labels, int classCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 1);
        var rows = new float[checked(labels.Length * classCount)];
        for (var i = 0; i < labels.Length; i++)
            Encode(labels[i], rows.AsSpan(i * classCount, classCount));
        return rows;
    }
}
