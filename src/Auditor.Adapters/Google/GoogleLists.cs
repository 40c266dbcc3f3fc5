using System.Globalization;
using System.Net;
using System.Text.Json;
using Auditor.Model;

namespace Auditor.Adapters.Google;

/// <summary>A list call to make.</summary>
/// <param name="Path">Without version and query, such as "projects/p/global/networks".</param>
/// <param name="Scope">What is unknown when the list cannot be read.</param>
/// <param name="Permission">What the call takes; null means the kind's list permission.</param>
/// <param name="Query">What it is asked with besides its path; null means what is usual for the kind.</param>
/// <param name="Body">JSON for a list that Google made a POST; null for a GET.</param>
internal sealed record ListCall(ApiTable.Row Row, string Path, GapScope Scope, string? Permission = null, string? Query = null, string? Body = null);

/// <summary>What a list call gave: the pages that came, and why some did not.</summary>
internal sealed record ListResult(ListCall Call, IReadOnlyList<JsonElement> Pages, IReadOnlyList<Gap> Gaps)
{
    public string Source => $"{Call.Row.Host}/{Call.Path}";
}

/// <summary>Reads whole lists, page by page.</summary>
internal sealed class GoogleLists(GoogleClient client)
{
    private const string AllLocations = "/locations/-/";

    public async Task<ListResult> ListAsync(ListCall call, CancellationToken cancellationToken)
    {
        var (pages, failure) = await PagesAsync(call, cancellationToken);

        // Not every API takes "-" for all locations; then each location is asked.
        if (failure?.Status == HttpStatusCode.BadRequest && pages.Count == 0 && call.Path.Contains(AllLocations, StringComparison.Ordinal))
        {
            return await ListEachAsync(call, cancellationToken);
        }

        return new ListResult(call, pages, failure is null ? [] : [new Gap(call.Scope, failure.Reason)]);
    }

    private async Task<ListResult> ListEachAsync(ListCall call, CancellationToken cancellationToken)
    {
        var locations = new ListCall(call.Row with { Version = "v1/" }, call.Path[..call.Path.IndexOf(AllLocations, StringComparison.Ordinal)] + "/locations", call.Scope);
        var (answers, failure) = await PagesAsync(locations, cancellationToken);
        var gaps = failure is null ? new List<Gap>() : [new Gap(call.Scope, failure.Reason)];
        var pages = new List<JsonElement>();
        foreach (var id in answers.SelectMany(page => Items(page, "locations")).Select(item => Text(item, "locationId")).OfType<string>())
        {
            var here = call with { Path = call.Path.Replace(AllLocations, $"/locations/{id}/", StringComparison.Ordinal), Scope = call.Scope with { Location = id } };
            var (found, refusal) = await PagesAsync(here, cancellationToken);
            pages.AddRange(found);
            if (refusal is not null)
            {
                gaps.Add(new Gap(here.Scope, refusal.Reason));
            }
        }

        return new ListResult(call, pages, gaps);
    }

    private async Task<(List<JsonElement> Pages, GoogleAnswer.Failed? Failure)> PagesAsync(ListCall call, CancellationToken cancellationToken)
    {
        var pages = new List<JsonElement>();
        var tokens = new HashSet<string>(StringComparer.Ordinal);
        var next = "";
        while (true)
        {
            var path = $"{call.Row.Version}{call.Path}?{call.Query ?? ApiTable.QueryOf(call.Row, call.Path)}{(next.Length == 0 ? "" : $"&pageToken={Uri.EscapeDataString(next)}")}";
            switch (await client.ReadAsync(call.Row.Host, path, call.Permission ?? ApiTable.PermissionOf(call.Row, call.Path, "list"), call.Body, cancellationToken))
            {
                case GoogleAnswer.Found { Json: var page }:
                    pages.Add(page);
                    next = Text(page, "nextPageToken") ?? "";
                    if (next.Length == 0)
                    {
                        return (pages, null);
                    }

                    if (!tokens.Add(next))
                    {
                        return (pages, new GoogleAnswer.Failed($"{call.Row.Host} gave page {pages.Count.ToString(CultureInfo.InvariantCulture)} twice"));
                    }

                    break;
                case GoogleAnswer.Off:
                    return (pages, null);
                case GoogleAnswer.Missing:
                    return (pages, new GoogleAnswer.Failed($"{call.Row.Host} does not know {call.Path}", HttpStatusCode.NotFound));
                case GoogleAnswer.Failed failed:
                    return (pages, failed);
            }
        }
    }

    internal static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    internal static IEnumerable<JsonElement> Items(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Object) : [];
}
