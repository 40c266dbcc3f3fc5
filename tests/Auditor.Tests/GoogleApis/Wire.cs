using System.Buffers.Binary;
using System.Text;

namespace Auditor.Tests.GoogleApis;

/// <summary>Writes Protobuf's wire format by field number, so that tests owe nothing to the project's .proto files.</summary>
internal static class Wire
{
    public static byte[] Message(params byte[][] fields) => [.. fields.SelectMany(field => field)];

    public static byte[] Varint(int field, long value) => [.. Number((field << 3) | 0), .. Number((ulong)value)];

    public static byte[] Double(int field, double value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
        return [.. Number((field << 3) | 1), .. bytes];
    }

    public static byte[] Bytes(int field, params byte[] value) => [.. Number((field << 3) | 2), .. Number(value.Length), .. value];

    public static byte[] Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public static byte[] Nested(int field, params byte[][] fields) => Bytes(field, Message(fields));

    /// <summary>One entry of a map with text keys: a nested message of key 1 and value 2.</summary>
    public static byte[] Entry(int field, string key, byte[] value) => Nested(field, Text(1, key), Bytes(2, value));

    public static byte[] Entry(int field, string key, string value) => Entry(field, key, Encoding.UTF8.GetBytes(value));

    /// <summary>A google.protobuf.Timestamp or Duration of whole seconds.</summary>
    public static byte[] Seconds(int field, long value) => Nested(field, Varint(1, value));

    private static byte[] Number(long value) => Number((ulong)value);

    private static byte[] Number(ulong value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        bytes.Add((byte)value);
        return [.. bytes];
    }
}
