using System.Text.Json.Serialization;

namespace Auditor.Alerts;

/// <summary>An alert owed to a channel. It leaves the outbox only when the channel took it, or parked with the reason.</summary>
/// <param name="Channel">The channel's name in the configuration.</param>
/// <param name="Tries">Failed tries so far.</param>
public sealed record OutboxItem(Alert Alert, string Channel, int Tries = 0)
{
    /// <summary>The same for every delivery of this alert to this channel: receivers can tell repeats.</summary>
    public string Id => $"{Alert.Id}.{Channel}";

    /// <summary>Until when nobody else sends it; null when nobody claimed it.</summary>
    [JsonIgnore]
    public DateTimeOffset? ClaimedUntil { get; init; }
}
