using DistNet.Neural;

namespace DistNet;

/// <summary>Whether a model and images belong together.</summary>
internal static class ModelFit
{
    /// <summary>Refuses images of another size than the model takes.</summary>
    /// <exception cref="InvalidDataException">They do not fit.</exception>
    public static void Require(NetworkSpec network, ImageSet images)
    {
        if (network.InputSize != images.InputSize || network.OutputSize != images.TargetSize)
        {
            throw new InvalidDataException(
                $"the model takes {network.InputSize} inputs and has {network.OutputSize} outputs, "
                + $"but the images have {images.InputSize} pixels and {images.TargetSize} classes; name the images it was made for with --data, or another model");
        }
    }
}
