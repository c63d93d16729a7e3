using System.Globalization;

namespace DistNet.Neural;

/// <summary>A gradient was not finite: the step was refused, and the parameters are those of the step before.</summary>
public sealed class NonFiniteGradientException : Exception
{
    /// <summary>An exception whose message says it all.</summary>
    public NonFiniteGradientException(string message)
        : base(message)
    {
    }

    /// <summary>Names the step and the tensor.</summary>
    /// <param name="version">Steps made before the refused one.</param>
    /// <param name="tensor">Where the first such number lies.</param>
    /// <param name="value">The number: NaN or an infinity.</param>
    public NonFiniteGradientException(long version, ParameterTensor tensor, float value)
        : this(
            $"Step {version + 1} was refused, because its gradient of {tensor?.Name} holds " +
            $"{value.ToString(CultureInfo.InvariantCulture)}: try a smaller learning rate, or resume from the last checkpoint.")
    {
    }
}
