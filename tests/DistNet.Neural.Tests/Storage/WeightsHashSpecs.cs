using System.Buffers.Binary;
using System.Security.Cryptography;

namespace DistNet.Neural.Tests;

public sealed class WeightsHashSpecs
{
    [Fact]
    public void It_is_the_SHA_256_of_the_little_endian_bytes() => // 1.0f and -2.5f are 3f800000 and c0200000
        Assert.Equal(
            Convert.ToHexStringLower(SHA256.HashData([0, 0, 0x80, 0x3f, 0, 0, 0x20, 0xc0])),
            WeightsHash.Of([1, -2.5f]));

    [Fact]
    public void It_is_the_published_hash_of_nothing_for_no_parameters() =>
        Assert.Equal("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", WeightsHash.Of([]));

    [Fact]
    public void Vectors_longer_than_a_block_are_hashed_whole()
    {
        var parameters = Enumerable.Range(0, 600_001).Select(value => (float)value).ToArray();
        var bytes = new byte[4 * parameters.Length];
        for (var i = 0; i < parameters.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(4 * i), parameters[i]);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), WeightsHash.Of(parameters));
    }

    [Fact]
    public void The_sign_of_zero_counts() => Assert.NotEqual(WeightsHash.Of([0f]), WeightsHash.Of([-0f]));
}
