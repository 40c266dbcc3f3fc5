using System.Text.Json;
using System.Text.RegularExpressions;

namespace Auditor.Adapters.Google;

/// <summary>What an error body says, in either of Google's shapes: errors[].reason of older APIs, details[] of newer ones. Never fails.</summary>
internal sealed partial record GoogleError(string? Status, string? Message, IReadOnlyList<string> Reasons, string? Permission)
{
    private static readonly GoogleError s_nothing = new(null, null, [], null);

    public bool IsServiceOff => Reasons.Any(reason => reason is "SERVICE_DISABLED" or "accessNotConfigured");

    public bool IsScopeTooNarrow => Reasons.Any(reason => reason is "ACCESS_TOKEN_SCOPE_INSUFFICIENT" or "insufficientPermissions" && Message?.Contains("scope", StringComparison.OrdinalIgnoreCase) == true);

    /// <summary>Older APIs say so with 403 where newer ones say 429.</summary>
    public bool IsRateLimit => Reasons.Any(reason => reason is "rateLimitExceeded" or "userRateLimitExceeded" or "RATE_LIMIT_EXCEEDED");

    public static GoogleError Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonElement.Parse(body.Span) is { ValueKind: JsonValueKind.Object } json && json.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object
                ? Read(error)
                : s_nothing;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return s_nothing;
        }
    }

    private static GoogleError Read(JsonElement error)
    {
        var message = Text(error, "message");
        var details = Items(error, "details").ToList();
        var permission = details.Where(detail => detail.TryGetProperty("metadata", out var metadata) && metadata.ValueKind == JsonValueKind.Object)
            .Select(detail => Text(detail.GetProperty("metadata"), "permission")).FirstOrDefault(text => text is not null);
        return new GoogleError(
            Text(error, "status"),
            message,
            [.. Items(error, "errors").Concat(details).Select(item => Text(item, "reason")).OfType<string>()],
            permission ?? (PermissionInMessage().Match(message ?? "") is { Success: true } match ? match.Groups["permission"].Value : null));
    }

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static IEnumerable<JsonElement> Items(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Object) : [];

    // "Required 'compute.firewalls.list' permission for ..."; "Permission 'run.services.get' denied on resource ...".
    [GeneratedRegex("'(?<permission>[a-z]+\\.[A-Za-z]+\\.[A-Za-z]+)'", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex PermissionInMessage();
}
