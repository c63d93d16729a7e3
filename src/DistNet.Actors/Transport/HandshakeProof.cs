using System.Security.Cryptography;

namespace DistNet.Actors.Transport;

/// <summary>Shows that a node knows the cluster's secret, without showing the secret.</summary>
/// <remarks>
/// HMAC-SHA256 under the secret over the prover's role and both introductions, nonces included. A nonce is used once, so a recorded proof is of
/// no use; the role differs, so neither side can return the other's proof; the introductions are covered, so nobody in between can change them.
/// </remarks>
internal sealed class HandshakeProof(ReadOnlyMemory<byte> secret)
{
    /// <summary>The dialler's proof.</summary>
    public byte[] OfDialler(ReadOnlySpan<byte> hello, ReadOnlySpan<byte> challenge) => Prove("DistNet tensors, dialler"u8, hello, challenge);

    /// <summary>The listener's proof.</summary>
    public byte[] OfListener(ReadOnlySpan<byte> hello, ReadOnlySpan<byte> challenge) => Prove("DistNet tensors, listener"u8, hello, challenge);

    /// <summary>Compares in a time that does not tell how much is right.</summary>
    public static bool IsRight(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> found) => CryptographicOperations.FixedTimeEquals(expected, found);

    private byte[] Prove(ReadOnlySpan<byte> role, ReadOnlySpan<byte> hello, ReadOnlySpan<byte> challenge)
    {
        using IncrementalHash hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret.Span);
        hash.AppendData(role);
        hash.AppendData(hello);
        hash.AppendData(challenge);
        return hash.GetHashAndReset();
    }
}
