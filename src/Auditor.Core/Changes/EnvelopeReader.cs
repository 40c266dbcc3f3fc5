using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Auditor.Changes;

/// <summary>
/// Unwraps one JSON text down to its log entries. What an object is, its keys say: the keys of a LogEntry end the search, the keys of an envelope
/// (message, data, data_base64, entries) lead further in.
/// </summary>
/// <param name="text">The whole text.</param>
/// <param name="firstLine">The line on which the text begins; null when lines are not worth naming.</param>
internal readonly ref struct EnvelopeReader(ReadOnlySpan<byte> text, int? firstLine, List<AuditReading> readings)
{
    private const int DeepestNesting = 8;

    private static readonly JsonReaderOptions s_options = new() { AllowMultipleValues = true, MaxDepth = 512 };

    private readonly ReadOnlySpan<byte> _text = text;

    public void ReadAll()
    {
        var reader = new Utf8JsonReader(_text, s_options);
        try
        {
            while (reader.Read())
            {
                ReadItem(ref reader, new Place("", 0, IsDecoded: false));
            }
        }
        catch (JsonException error)
        {
            var at = (error.LineNumber ?? 0) + 1;
            Refuse($"byte {(error.BytePositionInLine ?? 0) + 1} is not JSON; a LogEntry or an envelope with one was expected", firstLine is { } first ? first + (int)at - 1 : null);
        }
    }

    private void ReadItem(ref Utf8JsonReader reader, Place place)
    {
        var start = reader;
        try
        {
            ReadValue(ref reader, place);
        }
        catch (InvalidOperationException)
        {
            // GetString meets bytes or escapes that are no characters.
            Refuse($"{place.Name("the item")} holds a text that is not valid Unicode", LineOf(start));
            reader = start;
            reader.Skip();
        }
    }

    private void ReadValue(ref Utf8JsonReader reader, Place place)
    {
        if (reader.TokenType == JsonTokenType.StartArray && place.Nesting == 0)
        {
            var number = 0;
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                ReadItem(ref reader, place with { Path = $"item {++number}", Nesting = 1 });
            }
        }
        else if (reader.TokenType != JsonTokenType.StartObject)
        {
            Refuse($"{place.Name("the text")} is {Describe(reader.TokenType)}; an object was expected", LineOf(reader));
            reader.Skip();
        }
        else
        {
            ReadObject(ref reader, place);
        }
    }

    private void ReadObject(ref Utf8JsonReader reader, Place place)
    {
        Utf8JsonReader message = default, data = default, base64 = default, entries = default, look = reader;
        while (look.Read() && look.TokenType == JsonTokenType.PropertyName)
        {
            if (IsEntryKey(look))
            {
                var line = LineOf(reader);
                var reading = LogEntryReader.Read(ref reader);
                readings.Add(reading is AuditReading.NotUnderstood refused ? new AuditReading.NotUnderstood(place.Below(refused.Reason), line) : reading);
                return;
            }

            var isMessage = look.ValueTextEquals("message"u8);
            var isData = look.ValueTextEquals("data"u8);
            var isBase64 = look.ValueTextEquals("data_base64"u8);
            var isEntries = look.ValueTextEquals("entries"u8);
            look.Read();
            if (isMessage)
            {
                message = look;
            }
            else if (isData)
            {
                data = look;
            }
            else if (isBase64)
            {
                base64 = look;
            }
            else if (isEntries)
            {
                entries = look;
            }

            look.Skip();
        }

        Unwrap(place, LineOf(reader), message, data, base64, entries);
        reader = look;
    }

    private void Unwrap(Place place, int? line, Utf8JsonReader message, Utf8JsonReader data, Utf8JsonReader base64, Utf8JsonReader entries)
    {
        if (place.Nesting > DeepestNesting)
        {
            Refuse($"{place.Name("the text")} is wrapped more than {DeepestNesting} times; a LogEntry was expected", line);
        }
        else if (message.TokenType == JsonTokenType.StartObject)
        {
            ReadValue(ref message, place.Into("message"));
        }
        else if (base64.TokenType == JsonTokenType.String)
        {
            Decode(base64, place.Into("data_base64"), line);
        }
        else if (data.TokenType == JsonTokenType.String)
        {
            Decode(data, place.Into("data"), line);
        }
        else if (data.TokenType == JsonTokenType.StartObject)
        {
            ReadValue(ref data, place.Into("data"));
        }
        else if (entries.TokenType == JsonTokenType.StartArray)
        {
            for (var number = 1; entries.Read() && entries.TokenType != JsonTokenType.EndArray; number++)
            {
                ReadItem(ref entries, place.Into($"entries[{number - 1}]"));
            }
        }
        else if (place.IsDecoded)
        {
            readings.Add(new AuditReading.Irrelevant("the message is not a log entry"));
        }
        else if (data.TokenType != JsonTokenType.None || base64.TokenType != JsonTokenType.None)
        {
            var (key, found) = data.TokenType != JsonTokenType.None ? ("data", data.TokenType) : ("data_base64", base64.TokenType);
            Refuse($"{place.Into(key).Path} is {Describe(found)}; a LogEntry, plain or as base64, was expected", line);
        }
        else if (message.TokenType != JsonTokenType.None)
        {
            Refuse($"{place.Into("message").Path} is {Describe(message.TokenType)}; a Pub/Sub message was expected", line);
        }
        else
        {
            Refuse(place.Path.EndsWith("message", StringComparison.Ordinal) || place.Path.EndsWith("data", StringComparison.Ordinal)
                ? $"{place.Into("data").Path} is missing; the base64 of a LogEntry was expected"
                : $"{place.Name("the object")} is neither a LogEntry (logName, protoPayload) nor an envelope (message, data, data_base64, entries)", line);
        }
    }

    private void Decode(Utf8JsonReader value, Place place, int? line)
    {
        if (value.ValueSpan.IsEmpty)
        {
            Refuse($"{place.Path} is empty; the base64 of a LogEntry was expected", line);
            return;
        }

        var source = value.ValueIsEscaped ? Encoding.UTF8.GetBytes(value.GetString()!) : value.ValueSpan;
        var buffer = ArrayPool<byte>.Shared.Rent(Base64.GetMaxDecodedFromUtf8Length(source.Length) + 3);
        try
        {
            // The JSON form of bytes may be either alphabet, padded or not.
            if (Base64.DecodeFromUtf8(source, buffer, out _, out var length) != OperationStatus.Done
                && Base64Url.DecodeFromUtf8(source, buffer, out _, out length) != OperationStatus.Done)
            {
                Refuse($"{place.Path} is not base64; the base64 of a LogEntry was expected", line);
                return;
            }

            ReadDecoded(buffer.AsSpan(0, length), place with { IsDecoded = true, Nesting = place.Nesting + 1 }, line);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void ReadDecoded(ReadOnlySpan<byte> json, Place place, int? line)
    {
        var inner = new EnvelopeReader(json, null, readings);
        var reader = new Utf8JsonReader(json, s_options with { AllowMultipleValues = false });
        var before = readings.Count;
        try
        {
            reader.Read();
            inner.ReadItem(ref reader, place);
            reader.Read();
        }
        catch (JsonException)
        {
            readings.RemoveRange(before, readings.Count - before);
            Refuse($"{place.Path} decodes to something that is not JSON; a LogEntry was expected", line);
        }

        for (var i = before; line is not null && i < readings.Count; i++)
        {
            readings[i] = readings[i] is AuditReading.NotUnderstood { Line: null } refused ? refused with { Line = line } : readings[i];
        }
    }

    private void Refuse(string reason, int? line) => readings.Add(new AuditReading.NotUnderstood(reason, line));

    private int? LineOf(in Utf8JsonReader reader) => firstLine is { } first ? first + _text[..(int)reader.TokenStartIndex].Count((byte)'\n') : null;

    private static bool IsEntryKey(in Utf8JsonReader reader) =>
        reader.ValueTextEquals("insertId"u8) || reader.ValueTextEquals("protoPayload"u8) || reader.ValueTextEquals("logName"u8)
        || reader.ValueTextEquals("textPayload"u8) || reader.ValueTextEquals("jsonPayload"u8);

    private static string Describe(JsonTokenType token) => token switch
    {
        JsonTokenType.Null => "null",
        JsonTokenType.True or JsonTokenType.False => "a flag",
        JsonTokenType.Number => "a number",
        JsonTokenType.String => "a text",
        JsonTokenType.StartArray => "a list",
        _ => "an object",
    };

    /// <summary>Where in the text an object stands.</summary>
    private readonly record struct Place(string Path, int Nesting, bool IsDecoded)
    {
        public Place Into(string key) => new(Path.Length == 0 ? key : $"{Path}.{key}", Nesting + 1, IsDecoded);

        public string Name(string root) => Path.Length == 0 ? root : Path;

        public string Below(string reason) => Path.Length == 0 ? reason : $"{Path}: {reason}";
    }
}
