using DistNet.Neural;

namespace DistNet;

/// <summary>Whether a model and images belong together.</summary>
internal static class ModelFit
{
    /// <summary>What to do where images of a data set do not fit.</summary>
    public const string OtherImages = "name the images it was made for with --data, or another model";

    /// <summary>Refuses images of another size, or of another number of classes, than the model takes.</summary>
    /// <exception cref="InvalidDataException">They do not fit.</exception>
    public static void Require(NetworkSpec network, ImageSet images)
    {
        Require(network, images.InputSize, OtherImages);
        if (network.OutputSize != images.TargetSize)
            throw new InvalidDataException($"the model has {network.OutputSize} outputs, but the images have {images.TargetSize} classes; {OtherImages}");
    }

    /// <summary>Refuses images of another size than the model takes.</summary>
    /// <exception cref="InvalidDataException">They do not fit.</exception>
    public static void Require(NetworkSpec network, int pixels, string advice)
    {
        if (network.InputSize != pixels)
            throw new InvalidDataException($"the model takes {network.InputSize} inputs, but each image has {pixels} pixels; {advice}");
    }
}
