using System.Security.Cryptography;

namespace DistNet.Neural;

/// <summary>The fingerprint by which runs are compared: equal if and only if every bit of the parameters is equal.</summary>
public static class WeightsHash
{
    /// <summary>SHA-256 over the parameters as little-endian float32 in <see cref="ParameterLayout"/> order.</summary>
    /// <param name="parameters">The whole parameter vector.</param>
    /// <returns>64 lower-case hexadecimal digits.</returns>
    public static string Of(ReadOnlySpan<float> parameters)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        LittleEndianFloats.Send(parameters, hash.AppendData);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
