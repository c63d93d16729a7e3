using System.Numerics;
using DistNet.Neural.Kernels;

namespace DistNet.Neural;

/// <summary>Loss functions and their gradients with respect to the output layer's z.</summary>
internal static class LossFunctions
{
    /// <summary>Whether the loss is taken from z rather than from a, where a has lost the digits.</summary>
    public static bool NeedsLogits(Loss loss) => loss is Loss.CategoricalCrossentropy or Loss.BinaryCrossentropy;

    /// <summary>The loss of one example, in double precision.</summary>
    /// <param name="loss">Which.</param>
    /// <param name="outputs">a of the output layer.</param>
    /// <param name="logits">z of the output layer; empty if the loss needs none.</param>
    /// <param name="exponentials">Of the example, from <see cref="Exponentials"/>; empty likewise.</param>
    /// <param name="targets">t.</param>
    public static double OfExample<T>(
        Loss loss, ReadOnlySpan<T> outputs, ReadOnlySpan<T> logits, ReadOnlySpan<double> exponentials, ReadOnlySpan<T> targets)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => loss switch
        {
            Loss.CategoricalCrossentropy => CategoricalCrossentropy(logits, exponentials, targets),
            Loss.BinaryCrossentropy => BinaryCrossentropy(logits, exponentials, targets) / outputs.Length,
            Loss.MeanSquaredError => SquaredError(outputs, targets) / outputs.Length,
            Loss.HalfSquaredError => SquaredError(outputs, targets) / 2,
            _ => throw Unknown(loss),
        };

    /// <summary>What a cross-entropy needs of exp, for many examples at once: exp(z - max z) under softmax, exp(-|z|) under
    /// sigmoid; neither overflows.</summary>
    /// <param name="loss">A cross-entropy.</param>
    /// <param name="units">Outputs per example.</param>
    /// <param name="logits">z (rows x units).</param>
    /// <param name="exponentials">Overwritten (rows x units).</param>
    public static void Exponentials<T>(Loss loss, int units, ReadOnlySpan<T> logits, Span<double> exponentials)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var first = 0; first < logits.Length; first += units)
        {
            var row = logits.Slice(first, units);
            var maximum = loss == Loss.CategoricalCrossentropy ? double.CreateChecked(row[Answers.IndexOfMaximum(row)]) : 0;
            for (var unit = 0; unit < units; unit++)
                exponentials[first + unit] = -Math.Abs(double.CreateChecked(row[unit]) - maximum);
        }

        ElementaryFunctions.Exp<double>(exponentials, exponentials);
    }

    /// <summary>dLoss/dz of the output layer.</summary>
    /// <param name="loss">Which.</param>
    /// <param name="activation">The output layer's.</param>
    /// <param name="units">Outputs per example.</param>
    /// <param name="outputs">a (rows x units).</param>
    /// <param name="targets">t (rows x units).</param>
    /// <param name="delta">Overwritten (rows x units).</param>
    public static void Backward<T>(
        Loss loss, Activation activation, int units, ReadOnlySpan<T> outputs, ReadOnlySpan<T> targets, Span<T> delta)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        switch (loss)
        {
            case Loss.CategoricalCrossentropy:
                SoftmaxCrossentropyBackward(units, outputs, targets, delta);
                return;
            case Loss.BinaryCrossentropy:
                Difference(outputs, targets, delta);
                Divide(delta, T.CreateChecked(units));
                return;
            case Loss.MeanSquaredError:
                Difference(outputs, targets, delta);
                Divide(delta, T.CreateChecked(units) / T.CreateChecked(2));
                break;
            case Loss.HalfSquaredError:
                Difference(outputs, targets, delta);
                break;
            default:
                throw Unknown(loss);
        }

        ActivationFunctions.Backward(activation, units, outputs, delta);
    }

    /// <summary>-sum_i t_i log a_i = sum_i t_i (m - z_i + log(1 + sum_j exp(z_j - m))), m the largest z, j over the
    /// others.</summary>
    private static double CategoricalCrossentropy<T>(ReadOnlySpan<T> logits, ReadOnlySpan<double> exponentials, ReadOnlySpan<T> targets)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var largest = Answers.IndexOfMaximum(logits);
        var maximum = double.CreateChecked(logits[largest]);
        var others = 0.0;
        for (var unit = 0; unit < logits.Length; unit++)
            others += unit == largest ? 0 : exponentials[unit];
        var logSum = LogOfOnePlus(others);
        var loss = 0.0;
        for (var unit = 0; unit < logits.Length; unit++)
            loss += double.CreateChecked(targets[unit]) * (maximum - double.CreateChecked(logits[unit]) + logSum);
        return loss;
    }

    /// <summary>-sum_i (t_i log a_i + (1 - t_i) log(1 - a_i)) = sum_i (max(z_i, 0) - t_i z_i + log(1 + exp(-|z_i|))).</summary>
    private static double BinaryCrossentropy<T>(ReadOnlySpan<T> logits, ReadOnlySpan<double> exponentials, ReadOnlySpan<T> targets)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var loss = 0.0;
        for (var unit = 0; unit < logits.Length; unit++)
        {
            var (z, t) = (double.CreateChecked(logits[unit]), double.CreateChecked(targets[unit]));
            loss += (z > 0 ? z : 0) - (t * z) + LogOfOnePlus(exponentials[unit]);
        }

        return loss;
    }

    /// <summary>log(1 + u) for u of at least 0; the digits of u that 1 + u lost come back with the factor u / ((1 + u) - 1)
    /// (Kahan; Goldberg 1991, theorem 4).</summary>
    private static double LogOfOnePlus(double u)
    {
        var sum = 1 + u;
        return sum == 1 ? u : ElementaryFunctions.Log(sum) * (u / (sum - 1));
    }

    private static double SquaredError<T>(ReadOnlySpan<T> outputs, ReadOnlySpan<T> targets)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var sum = 0.0;
        for (var unit = 0; unit < outputs.Length; unit++)
        {
            var difference = double.CreateChecked(outputs[unit]) - double.CreateChecked(targets[unit]);
            sum += difference * difference;
        }

        return sum;
    }

    /// <summary>dLoss/dz_i = a_i sum_j t_j - t_i; the sum is 1 for one-hot targets, and the formula holds for any.</summary>
    private static void SoftmaxCrossentropyBackward<T>(int units, ReadOnlySpan<T> outputs, ReadOnlySpan<T> targets, Span<T> delta)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var first = 0; first < delta.Length; first += units)
        {
            var sum = T.Zero;
            foreach (var target in targets.Slice(first, units))
                sum += target;
            for (var index = first; index < first + units; index++)
                delta[index] = (outputs[index] * sum) - targets[index];
        }
    }

    private static void Difference<T>(ReadOnlySpan<T> outputs, ReadOnlySpan<T> targets, Span<T> delta)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var index = 0; index < delta.Length; index++)
            delta[index] = outputs[index] - targets[index];
    }

    private static void Divide<T>(Span<T> values, T divisor)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (ref var value in values)
            value /= divisor;
    }

    private static ArgumentOutOfRangeException Unknown(Loss loss) => new(nameof(loss), loss, "Unknown loss.");
}
