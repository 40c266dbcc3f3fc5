using System.Globalization;
using System.Text.Json;

namespace Auditor.Changes;

/// <summary>Takes the value after a property name, tolerantly: a value of another type is skipped and counts as absent.</summary>
internal static class JsonTokens
{
    /// <summary>A text; a number or flag is given as its text.</summary>
    public static string? NextText(this ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TextHere();
    }

    /// <summary>The token under the reader as text; an object or list is skipped.</summary>
    public static string? TextHere(this ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                return reader.GetString();
            case JsonTokenType.Number:
                return System.Text.Encoding.UTF8.GetString(reader.ValueSpan);
            case JsonTokenType.True:
                return "true";
            case JsonTokenType.False:
                return "false";
            default:
                reader.Skip();
                return null;
        }
    }

    /// <summary>A whole number, also from "7".</summary>
    public static int? NextNumber(this ref Utf8JsonReader reader) =>
        decimal.TryParse(reader.NextText(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && decimal.IsInteger(number) && number is >= int.MinValue and <= int.MaxValue ? (int)number : null;

    /// <summary>True also for "true"; anything else is false.</summary>
    public static bool NextFlag(this ref Utf8JsonReader reader) => string.Equals(reader.NextText(), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>Steps into an object; a value that is none is skipped.</summary>
    public static bool NextIsObject(this ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            return true;
        }

        reader.Skip();
        return false;
    }
}
