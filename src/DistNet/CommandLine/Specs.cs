using DistNet.Neural;

namespace DistNet;

/// <summary>Turns an impossible specification from a mistake of the caller's into one of the user's.</summary>
internal static class Specs
{
    /// <summary>The network, if it is possible.</summary>
    /// <exception cref="UsageException">It is not.</exception>
    public static NetworkSpec Valid(NetworkSpec network)
    {
        Check(network.Validate);
        return network;
    }

    /// <summary>The specification, if it is possible for that many training examples.</summary>
    /// <exception cref="UsageException">It is not.</exception>
    public static TrainingSpec Valid(TrainingSpec spec, int exampleCount)
    {
        Check(() => spec.Validate(exampleCount));
        return spec;
    }

    private static void Check(Action validate)
    {
        try
        {
            validate();
        }
        catch (ArgumentException impossible)
        {
            throw new UsageException(impossible.Message);
        }
    }
}
