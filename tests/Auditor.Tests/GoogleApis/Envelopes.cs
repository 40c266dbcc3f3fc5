using System.Net.Http.Headers;

namespace Auditor.Tests.GoogleApis;

/// <summary>Requests as Eventarc, Pub/Sub and the legacy trigger send them.</summary>
internal static class Envelopes
{
    public const string Topic = "projects/audit-home/topics/auditor-changes";
    public const string MessageId = "13402277581549398";

    public static string Text(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Fixtures", "envelopes", name + ".json"));

    public static HttpContent Json(string body, string contentType = "application/json")
    {
        var content = new StringContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        return content;
    }

    public static HttpContent FromFile(string name, string contentType = "application/json") => Json(Text(name), contentType);

    /// <summary>A binary-mode event; without a body when null.</summary>
    public static HttpContent Binary(string? body, string version = "1.0")
    {
        var content = body is null ? new ByteArrayContent([]) : Json(body);
        content.Headers.Add("ce-specversion", version);
        content.Headers.Add("ce-id", MessageId);
        content.Headers.Add("ce-type", "google.cloud.pubsub.topic.v1.messagePublished");
        content.Headers.Add("ce-source", "//pubsub.googleapis.com/" + Topic);
        content.Headers.Add("ce-time", "2026-11-22T09:15:05.56Z");
        return content;
    }
}
