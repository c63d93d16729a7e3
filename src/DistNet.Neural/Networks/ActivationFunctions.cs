using System.Numerics;
using DistNet.Neural.Kernels;

namespace DistNet.Neural;

/// <summary>Activation functions and their derivatives, over rows of a layer's units.</summary>
internal static class ActivationFunctions
{
    /// <summary>a := activation(z), in place.</summary>
    /// <param name="activation">Which.</param>
    /// <param name="units">Units per row; softmax sums over them.</param>
    /// <param name="values">z in, a out (rows x units).</param>
    public static void Forward<T>(Activation activation, int units, Span<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        switch (activation)
        {
            case Activation.Linear: break;
            case Activation.Relu: ElementaryFunctions.Relu<T>(values, values); break;
            case Activation.Sigmoid: ElementaryFunctions.Sigmoid<T>(values, values); break;
            case Activation.Tanh: ElementaryFunctions.Tanh<T>(values, values); break;
            case Activation.Softmax: Softmax(units, values); break;
            default: throw Unknown(activation);
        }
    }

    /// <summary>dLoss/dz := dLoss/da da/dz, in place; each derivative is written in terms of a.</summary>
    /// <param name="activation">Which.</param>
    /// <param name="units">Units per row.</param>
    /// <param name="outputs">a (rows x units).</param>
    /// <param name="delta">dLoss/da in, dLoss/dz out (rows x units).</param>
    public static void Backward<T>(Activation activation, int units, ReadOnlySpan<T> outputs, Span<T> delta)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        switch (activation)
        {
            case Activation.Linear: break;
            case Activation.Relu: ElementwiseDerivatives.Relu(outputs, delta); break;
            case Activation.Sigmoid: ElementwiseDerivatives.Sigmoid(outputs, delta); break;
            case Activation.Tanh: ElementwiseDerivatives.Tanh(outputs, delta); break;
            case Activation.Softmax: SoftmaxBackward(units, outputs, delta); break;
            default: throw Unknown(activation);
        }
    }

    /// <summary>a_i = exp(z_i - max z) / sum_j exp(z_j - max z); without the maximum exp would overflow.</summary>
    private static void Softmax<T>(int units, Span<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var row = values; row.Length > 0; row = row[units..])
            SubtractMaximum(row[..units]);
        ElementaryFunctions.Exp<T>(values, values);
        for (var row = values; row.Length > 0; row = row[units..])
            DivideBySum(row[..units]);
    }

    private static void SubtractMaximum<T>(Span<T> row)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var maximum = row[0];
        foreach (var value in row)
            maximum = value > maximum ? value : maximum;
        foreach (ref var value in row)
            value -= maximum;
    }

    private static void DivideBySum<T>(Span<T> row)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var sum = T.Zero;
        foreach (var value in row)
            sum += value;
        foreach (ref var value in row)
            value /= sum;
    }

    /// <summary>The product with the full Jacobian: dLoss/dz_i = a_i (dLoss/da_i - sum_j dLoss/da_j a_j).</summary>
    private static void SoftmaxBackward<T>(int units, ReadOnlySpan<T> outputs, Span<T> delta)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var first = 0; first < delta.Length; first += units)
        {
            var a = outputs.Slice(first, units);
            var d = delta.Slice(first, units);
            var mean = T.Zero;
            for (var unit = 0; unit < units; unit++)
                mean = T.FusedMultiplyAdd(d[unit], a[unit], mean);
            for (var unit = 0; unit < units; unit++)
                d[unit] = a[unit] * (d[unit] - mean);
        }
    }

    private static ArgumentOutOfRangeException Unknown(Activation activation) =>
        new(nameof(activation), activation, "Unknown activation.");
}
