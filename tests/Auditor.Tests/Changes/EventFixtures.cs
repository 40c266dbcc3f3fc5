using System.Text;
using System.Text.Json.Nodes;
using Auditor.Changes;

namespace Auditor.Tests.Changes;

/// <summary>The recorded-shape log entries under Fixtures/events, and the envelopes they travel in.</summary>
internal static class EventFixtures
{
    private static readonly string s_folder = Path.Combine(Conventions.Repository.Root, "tests", "Auditor.Tests", "Fixtures", "events");

    public static IEnumerable<string> Names => Directory.EnumerateFiles(s_folder, "*.json").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal);

    /// <summary>Every envelope by name.</summary>
    public static IReadOnlyDictionary<string, Func<string, string>> Envelopes { get; } = new Dictionary<string, Func<string, string>>(StringComparer.Ordinal)
    {
        ["bare"] = data => Encoding.UTF8.GetString(Convert.FromBase64String(data)),
        ["push"] = data => $$$"""{"message":{"attributes":{"logging.googleapis.com/timestamp":"2026-11-22T09:15:03.123456Z"},"data":"{{{data}}}","messageId":"51","message_id":"51","publishTime":"2026-11-22T09:15:05.56Z","publish_time":"2026-11-22T09:15:05.56Z"},"subscription":"projects/p/subscriptions/s","deliveryAttempt":1}""",
        ["push, data first"] = data => $$$"""{"deliveryAttempt":1,"subscription":"projects/p/subscriptions/s","message":{"data":"{{{data}}}","messageId":"51"}}""",
        ["cloud event"] = data => $$$"""{"specversion":"1.0","type":"google.cloud.pubsub.topic.v1.messagePublished","source":"//pubsub.googleapis.com/projects/p/topics/t","id":"51","time":"2026-11-22T09:15:05.56Z","datacontenttype":"application/json","data":{"message":{"@type":"type.googleapis.com/google.pubsub.v1.PubsubMessage","data":"{{{data}}}","messageId":"51"},"subscription":"projects/p/subscriptions/s"}}""",
        ["cloud event, base64"] = data => $$$"""{"specversion":"1.0","type":"google.cloud.pubsub.topic.v1.messagePublished","source":"//pubsub.googleapis.com/projects/p/topics/t","id":"51","data_base64":"{{{Encode($$$"""{"message":{"data":"{{{data}}}"}}""")}}}"}""",
        ["legacy"] = data => $$$"""{"context":{"eventId":"51","timestamp":"2026-11-22T09:15:05.56Z","eventType":"google.pubsub.topic.publish","resource":{"service":"pubsub.googleapis.com","name":"projects/p/topics/t","type":"type.googleapis.com/google.pubsub.v1.PubsubMessage"}},"data":{"@type":"type.googleapis.com/google.pubsub.v1.PubsubMessage","attributes":{},"data":"{{{data}}}"}}""",
        ["legacy, flat context"] = data => $$$"""{"data":{"@type":"type.googleapis.com/google.pubsub.v1.PubsubMessage","data":"{{{data}}}"},"eventId":"51","timestamp":"2026-11-22T09:15:05.56Z","eventType":"providers/cloud.pubsub/eventTypes/topic.publish","resource":"projects/p/topics/t"}""",
        ["list"] = data => $$$"""[{"message":{"data":"{{{data}}}"}}]""",
        ["page"] = data => $$$"""{"entries":[{{{Encoding.UTF8.GetString(Convert.FromBase64String(data))}}}],"nextPageToken":"x"}""",
    };

    public static string Json(string name) => File.ReadAllText(Path.Combine(s_folder, $"{name}.json"));

    /// <summary>The fixture, in one line, after a change to it.</summary>
    public static string Json(string name, Action<JsonObject> change)
    {
        var entry = JsonNode.Parse(Json(name))!.AsObject();
        change(entry);
        return entry.ToJsonString();
    }

    public static AuditEvent Event(string name) => Understood(Json(name));

    public static AuditEvent Event(string name, Action<JsonObject> change) => Understood(Json(name, change));

    public static Change Change(string name) => Decoded(Event(name));

    public static Change Change(string name, Action<JsonObject> change) => Decoded(Event(name, change));

    public static string Encode(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static AuditEvent Understood(string json) => Assert.IsType<AuditReading.Understood>(Assert.Single(AuditEventReader.Read(json))).Event;

    private static Change Decoded(AuditEvent entry) => Assert.IsType<ChangeDecoding.Decoded>(ChangeDecoder.Decode(entry)).Change;
}
