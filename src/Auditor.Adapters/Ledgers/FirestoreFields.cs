using System.Security.Cryptography;
using System.Text;
using Google.Cloud.Firestore.V1;
using Google.Protobuf;
using Google.Protobuf.Collections;

namespace Auditor.Adapters.Ledgers;

/// <summary>Fields of documents. Instants are ticks of 100 ns in UTC: Firestore's own timestamps are cut off at the microsecond.</summary>
internal static class FirestoreFields
{
    public static Value Of(string text) => new() { StringValue = text };

    public static Value Of(long number) => new() { IntegerValue = number };

    public static Value Of(bool flag) => new() { BooleanValue = flag };

    public static Value Of(DateTimeOffset instant) => new() { IntegerValue = instant.UtcTicks };

    public static Value Of(ByteString bytes) => new() { BytesValue = bytes };

    public static Value OfAny(IEnumerable<string> texts) => new() { ArrayValue = new ArrayValue { Values = { texts.Select(Of) } } };

    /// <summary>0 when there is no such field.</summary>
    public static long Number(this MapField<string, Value> fields, string name) => fields.TryGetValue(name, out var value) ? value.IntegerValue : 0;

    /// <summary>Null when there is no such field.</summary>
    public static string? Text(this MapField<string, Value> fields, string name) => fields.TryGetValue(name, out var value) ? value.StringValue : null;

    /// <summary>An id for a text that may be long or hold slashes.</summary>
    public static string IdOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>Replaces a document.</summary>
    public static Write Set(Document document) => new() { Update = document };

    /// <summary>Makes a document that must not be there.</summary>
    public static Write Create(Document document) => new() { Update = document, CurrentDocument = new Precondition { Exists = false } };

    /// <summary>Replaces the fields that are named; those the document lacks are removed.</summary>
    public static Write Merge(Document document, Precondition? precondition, params ReadOnlySpan<string> fields)
    {
        var mask = new DocumentMask();
        foreach (var field in fields)
        {
            mask.FieldPaths.Add(field);
        }

        return new Write { Update = document, UpdateMask = mask, CurrentDocument = precondition };
    }
}
