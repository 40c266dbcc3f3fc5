using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Auditor.Simulator.Entries;

/// <summary>
/// The body of a Pub/Sub push that carries a LogEntry: base64 data, the sink's one attribute, ids and times in both spellings. A function of the
/// entry alone, so the same entry delivered twice is the same message twice.
/// </summary>
public static class PubSubPush
{
    /// <summary>Writes the body.</summary>
    /// <param name="deliveryAttempt">Present only when the subscription has a dead letter policy.</param>
    public static byte[] Body(ReadOnlySpan<byte> logEntry, string subscription = "projects/harbor-net/subscriptions/auditor-push", int? deliveryAttempt = null)
    {
        var entry = JsonNode.Parse(logEntry)!;
        var id = (1_000_000_000_000_000 + (BitConverter.ToUInt64(SHA256.HashData(logEntry)) % 9_000_000_000_000_000)).ToString(CultureInfo.InvariantCulture);
        var published = (string?)entry["receiveTimestamp"] ?? (string?)entry["timestamp"];
        var body = new JsonObject
        {
            ["message"] = new JsonObject
            {
                ["attributes"] = new JsonObject { ["logging.googleapis.com/timestamp"] = (string?)entry["timestamp"] },
                ["data"] = Convert.ToBase64String(logEntry),
                ["messageId"] = id,
                ["message_id"] = id,
                ["publishTime"] = published,
                ["publish_time"] = published,
            },
            ["subscription"] = subscription,
        };
        if (deliveryAttempt is { } attempt)
        {
            body["deliveryAttempt"] = attempt;
        }

        return JsonSerializer.SerializeToUtf8Bytes(body);
    }
}
