using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace DistNet.Neural.Tests;

/// <summary>Safetensors files made and read from the format's description alone, without the code under test.</summary>
internal static class SafetensorsBytes
{
    public static byte[] Of(string header, params byte[] data)
    {
        var json = Encoding.UTF8.GetBytes(header);
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        return [.. length, .. json, .. data];
    }

    public static (JsonElement Header, byte[] Data) Parse(byte[] file)
    {
        var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(file);
        return (JsonDocument.Parse(file.AsMemory(8, length)).RootElement, file[(8 + length)..]);
    }

    public static float[] Tensor(byte[] file, string name)
    {
        var (header, data) = Parse(file);
        var tensor = header.GetProperty(name);
        Assert.Equal("F32", tensor.GetProperty("dtype").GetString());
        var (begin, end) = (tensor.GetProperty("data_offsets")[0].GetInt32(), tensor.GetProperty("data_offsets")[1].GetInt32());
        return [.. Enumerable.Range(0, (end - begin) / 4).Select(i => BinaryPrimitives.ReadSingleLittleEndian(data.AsSpan(begin + (4 * i))))];
    }

    public static int[] Shape(byte[] file, string name) =>
        [.. Parse(file).Header.GetProperty(name).GetProperty("shape").EnumerateArray().Select(size => size.GetInt32())];
}
