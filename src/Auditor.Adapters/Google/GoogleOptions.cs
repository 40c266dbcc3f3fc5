using System.Globalization;

namespace Auditor.Adapters.Google;

/// <summary>What is read from Google Cloud, and how, under <c>Auditor:Google</c>.</summary>
public sealed class GoogleOptions
{
    /// <value>Where every call goes instead of Google, as ENDPOINT/API-HOST/PATH and without credentials: a simulator or another fake. Default: none.</value>
    public string? Endpoint { get; set; }

    /// <value>Ids of the projects that a sweep lists. Default: none.</value>
    public IList<string> Projects { get; } = [];

    /// <value>
    /// The OAuth scope that credentials are asked for. Default: https://www.googleapis.com/auth/cloud-platform, since compute and others take no
    /// narrower one that the rest takes as well; what may be done is bounded by the roles of the account, and nothing but GET is sent.
    /// </value>
    public string Scope { get; set; } = "https://www.googleapis.com/auth/cloud-platform";

    /// <value>How many calls may be under way at a time. 1 to 64. Default: 8.</value>
    public int MaxParallelCalls { get; set; } = 8;

    /// <value>How often a call is tried when Google says to come back later. 1 to 10. Default: 4.</value>
    public int MaxTries { get; set; } = 4;

    /// <value>How long one try may take. 1 second to 5 minutes. Default: 30 seconds.</value>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>What is wrong with the options, a sentence each.</summary>
    /// <param name="key">Where they stand, such as "Auditor:Google".</param>
    internal IEnumerable<string> Problems(string key)
    {
        if (Endpoint is { Length: > 0 } && !(Uri.TryCreate(Endpoint, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))
        {
            yield return $"{key}:Endpoint is '{Endpoint}'; an address such as http://127.0.0.1:8085 is wanted.";
        }

        for (var i = 0; i < Projects.Count; i++)
        {
            var project = Projects[i];
            if (string.IsNullOrEmpty(project) || project.All(char.IsAsciiDigit) || !project.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.' or ':'))
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"{key}:Projects:{i} is '{project}'; a project's id is wanted, not its number or title.");
            }
        }

        if (Endpoint is not { Length: > 0 } && !Uri.IsWellFormedUriString(Scope, UriKind.Absolute))
        {
            yield return $"{key}:Scope is '{Scope}'; an OAuth scope such as https://www.googleapis.com/auth/cloud-platform is wanted.";
        }

        if (MaxParallelCalls is < 1 or > 64)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{key}:MaxParallelCalls is {MaxParallelCalls}; 1 to 64 is wanted.");
        }

        if (MaxTries is < 1 or > 10)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{key}:MaxTries is {MaxTries}; 1 to 10 is wanted.");
        }

        if (Timeout < TimeSpan.FromSeconds(1) || Timeout > TimeSpan.FromMinutes(5))
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{key}:Timeout is {Timeout:c}; 00:00:01 to 00:05:00 is wanted.");
        }
    }
}
