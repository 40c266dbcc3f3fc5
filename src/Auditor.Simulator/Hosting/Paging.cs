using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Auditor.Model;

namespace Auditor.Simulator.Hosting;

/// <summary>Cuts lists into pages. A token is the last name of its page, so it holds while resources come and go.</summary>
internal sealed class Paging(int maxPageSize)
{
    /// <summary>The page that the request asks for.</summary>
    /// <param name="body">Writes the answer around a page's items.</param>
    public ApiAnswer Page(ApiRequest request, List<KeyValuePair<ResourceName, JsonObject>> all, Func<List<KeyValuePair<ResourceName, JsonObject>>, JsonObject> body)
    {
        var token = request.Query.GetValueOrDefault("pageToken") ?? "";
        if (After(token) is not { } after)
        {
            return ApiAnswer.BadRequest($"Invalid value for field 'pageToken': '{token}'.");
        }

        var sizeText = request.Query.GetValueOrDefault(request.Api.PageSizeKey);
        var size = int.TryParse(sizeText, NumberStyles.None, CultureInfo.InvariantCulture, out var asked) && asked > 0 ? Math.Min(asked, maxPageSize) : maxPageSize;
        var rest = all.Where(pair => string.CompareOrdinal(pair.Key.Value, after) > 0).ToList();
        var page = rest.Take(size).ToList();
        var answer = body(page);
        if (page.Count < rest.Count)
        {
            answer["nextPageToken"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(page[^1].Key.Value));
        }

        return ApiAnswer.Ok(answer);
    }

    private static string? After(string token)
    {
        var bytes = new byte[token.Length];
        return Convert.TryFromBase64String(token, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : null;
    }
}
