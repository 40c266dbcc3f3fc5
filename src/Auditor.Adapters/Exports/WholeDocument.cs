using System.Globalization;
using System.Text.Json;
using Auditor.Model;

namespace Auditor.Adapters.Exports;

/// <summary>Reads a file that is one JSON document over several lines. Of a list that is cut off, the items before the cut count.</summary>
internal sealed class WholeDocument(EstateBuilder builder, string path, List<string> problems)
{
    /// <summary>Whether the file is JSON at all.</summary>
    /// <param name="mustBeJson">Whether to say so when it is not.</param>
    internal bool Read(ReadOnlyMemory<byte> json, bool mustBeJson)
    {
        var items = 0;
        try
        {
            ReadDocuments(json.Span, ref items);
            return true;
        }
        catch (JsonException e)
        {
            if (items == 0 && !mustBeJson)
            {
                return false;
            }

            var line = ((e.LineNumber ?? 0) + 1).ToString("N0", CultureInfo.InvariantCulture);
            var rest = items > 0 ? $"the {items.ToString("N0", CultureInfo.InvariantCulture)} items before it count" : "nothing in it counts";
            problems.Add(IsCutOff(json.Span)
                ? $"{path}: the file is cut off in line {line}; {rest}."
                : $"{path}: line {line} is not JSON ({JsonErrors.Shorten(e)}); {rest}.");
            return true;
        }
    }

    // Several documents may follow each other, as `jq` writes them.
    private void ReadDocuments(ReadOnlySpan<byte> json, ref int items)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { AllowMultipleValues = true });
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.StartArray)
            {
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    Add(ref reader, ref items);
                }
            }
            else
            {
                Add(ref reader, ref items);
            }
        }
    }

    private void Add(ref Utf8JsonReader reader, ref int items)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        try
        {
            builder.Add(document.RootElement, path);
            items++;
        }
        catch (InvalidOperationException)
        {
            problems.Add($"{path}: a text in it is not Unicode; what holds it does not count.");
        }
    }

    // Cut off means: a good beginning that only lacks its end.
    private static bool IsCutOff(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json, isFinalBlock: false, new JsonReaderState(new JsonReaderOptions { AllowMultipleValues = true }));
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
