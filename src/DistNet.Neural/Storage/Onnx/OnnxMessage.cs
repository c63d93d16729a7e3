using System.Buffers;
using Google.Protobuf;

namespace DistNet.Neural;

/// <summary>A Protocol Buffers message under construction: fields by their numbers in onnx.proto, in the order in which they are added.</summary>
/// <remarks>ONNX needs a dozen of its message types and no reading, so fields are named here by number instead of by thousands of generated lines.</remarks>
internal sealed class OnnxMessage
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public OnnxMessage Add(int field, string text) => Write(field, WireFormat.WireType.LengthDelimited, output => output.WriteString(text));

    public OnnxMessage Add(int field, long number) => Write(field, WireFormat.WireType.Varint, output => output.WriteInt64(number));

    public OnnxMessage Add(int field, OnnxMessage message) => Add(field, message._bytes.WrittenMemory);

    public OnnxMessage Add(int field, ReadOnlyMemory<byte> bytes) =>
        Write(field, WireFormat.WireType.LengthDelimited, output => output.WriteBytes(UnsafeByteOperations.UnsafeWrap(bytes)));

    public void WriteTo(Stream stream) => stream.Write(_bytes.WrittenSpan);

    private OnnxMessage Write(int field, WireFormat.WireType type, Action<CodedOutputStream> value)
    {
        using var bytes = new MemoryStream();
        using (var output = new CodedOutputStream(bytes, leaveOpen: true))
        {
            output.WriteTag(field, type);
            value(output);
        }

        _bytes.Write(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
        return this;
    }
}
