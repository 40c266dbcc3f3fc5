using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Auditor.Model;

namespace Auditor.Ledger;

/// <summary>How the ledger writes its records: camelCase, enums by name, nulls left out, full names as texts. One form for both stores.</summary>
public static class LedgerJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase), new ResourceNameConverter(), new ValueListConverter() },
    };

    private sealed class ResourceNameConverter : JsonConverter<ResourceName>
    {
        public override ResourceName Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.GetString() is { Length: > 0 } text ? ResourceName.Parse(text) : default;

        public override void Write(Utf8JsonWriter writer, ResourceName value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
    }

    private sealed class ValueListConverter : JsonConverterFactory
    {
        public override bool CanConvert(Type typeToConvert) => typeToConvert.IsGenericType && typeToConvert.GetGenericTypeDefinition() == typeof(ValueList<>);

        public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
            (JsonConverter)Activator.CreateInstance(typeof(Of<>).MakeGenericType(typeToConvert.GetGenericArguments()))!;

        private sealed class Of<T> : JsonConverter<ValueList<T>>
        {
            public override ValueList<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
                JsonSerializer.Deserialize<T[]>(ref reader, options)!.ToValueList();

            public override void Write(Utf8JsonWriter writer, ValueList<T> value, JsonSerializerOptions options) =>
                JsonSerializer.Serialize<IReadOnlyList<T>>(writer, value, options);
        }
    }
}
