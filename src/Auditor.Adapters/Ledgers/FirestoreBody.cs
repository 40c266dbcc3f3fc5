using System.IO.Compression;
using System.Text.Json;
using Auditor.Ledger;
using Google.Cloud.Firestore.V1;
using Google.Protobuf;

namespace Auditor.Adapters.Ledgers;

/// <summary>A record as it is stored: its JSON in a bytes field; gzip where it is long, told by gzip's first bytes.</summary>
internal static class FirestoreBody
{
    public const string Field = "body";

    private const int LongestPlain = 16 * 1024;

    public static ByteString Of<T>(T record) => Pack(JsonSerializer.SerializeToUtf8Bytes(record, LedgerJson.Options));

    public static ByteString Pack(byte[] json)
    {
        if (json.Length <= LongestPlain)
        {
            return UnsafeByteOperations.UnsafeWrap(json);
        }

        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(json);
        }

        return UnsafeByteOperations.UnsafeWrap(packed.GetBuffer().AsMemory(0, (int)packed.Length));
    }

    /// <summary>Reads the record of a document.</summary>
    /// <exception cref="LedgerDamagedException">There is none, or it is not understood.</exception>
    public static T Read<T>(Document document) => Read<T>(document.Name, document.Fields.TryGetValue(Field, out var body) ? body.BytesValue : ByteString.Empty);

    /// <summary>Reads a packed record; <paramref name="name"/> is for the message.</summary>
    public static T Read<T>(string name, ByteString packed)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(Unpack(packed).Span, LedgerJson.Options)!;
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidCastException or NotSupportedException or InvalidDataException)
        {
            throw new LedgerDamagedException($"The document {name} is not understood ({e.Message.TrimEnd('.')}); restore the database from a backup, or name another ledger.", e);
        }
    }

    /// <summary>The JSON of a packed record.</summary>
    /// <exception cref="InvalidDataException">It is not what gzip wrote.</exception>
    public static ReadOnlyMemory<byte> Unpack(ByteString packed)
    {
        if (packed is not [0x1f, 0x8b, ..])
        {
            return packed.Memory;
        }

        using var stream = new MemoryStream(packed.ToByteArray());
        using var gzip = new GZipStream(stream, CompressionMode.Decompress);
        using var json = new MemoryStream();
        gzip.CopyTo(json);
        return json.GetBuffer().AsMemory(0, (int)json.Length);
    }
}
