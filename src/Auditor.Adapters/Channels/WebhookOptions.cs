using System.Globalization;
using System.Text;

namespace Auditor.Adapters.Channels;

/// <summary>One signed webhook, under <c>Auditor:Channels:Webhooks:N</c>.</summary>
public sealed class WebhookOptions
{
    /// <value>The channel's name, unique among all channels; letters, digits, '-' and '_'. Needed.</value>
    public string Name { get; set; } = "";

    /// <value>Where to post: https, or http on this machine. Needed.</value>
    public string Url { get; set; } = "";

    /// <value>The environment variable that holds the secret; this or <see cref="SecretFile"/>.</value>
    public string? SecretEnvironment { get; set; }

    /// <value>The file that holds the secret; a line end at its end does not count. This or <see cref="SecretEnvironment"/>.</value>
    public string? SecretFile { get; set; }

    /// <value>The event's source. Default: //auditor.</value>
    public string Source { get; set; } = "//auditor";

    /// <value>How long the receiver may take. 1 second to 1 minute. Default: 10 seconds.</value>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>What is wrong with the options, a sentence each.</summary>
    /// <param name="key">Where they stand, such as "Auditor:Channels:Webhooks:0".</param>
    internal IEnumerable<string> Problems(string key)
    {
        if (Name.Length == 0 || Name == "console" || !Name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
        {
            yield return $"{key}:Name is '{Name}'; a name other than console, of letters, digits, '-' and '_', is wanted.";
        }

        // The URL itself may be a secret: only its beginning is told.
        if (!Uri.TryCreate(Url, UriKind.Absolute, out var url) || url.Scheme is not ("https" or "http"))
        {
            yield return $"{key}:Url is {(Url.Length == 0 ? "missing" : "no http address")}; an address that begins with https:// is wanted.";
        }
        else if (url.Scheme == "http" && !url.IsLoopback)
        {
            yield return $"{key}:Url is plain http to {url.Host}; https is wanted for any host but this machine.";
        }
        else if (url.UserInfo.Length > 0)
        {
            yield return $"{key}:Url holds a user name or password; an address without is wanted, the signature tells the sender.";
        }

        if (Source.Length == 0 || !Uri.IsWellFormedUriString(Source, UriKind.RelativeOrAbsolute))
        {
            yield return $"{key}:Source is '{Source}'; a URI reference such as //auditor is wanted.";
        }

        if (Timeout < TimeSpan.FromSeconds(1) || Timeout > TimeSpan.FromMinutes(1))
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{key}:Timeout is {Timeout:c}; 00:00:01 to 00:01:00 is wanted.");
        }

        if (ReadSecret(key).Problem is { } problem)
        {
            yield return problem;
        }
    }

    /// <summary>The secret, or what is wrong with it. The secret itself is never told.</summary>
    internal (byte[] Secret, string? Problem) ReadSecret(string key)
    {
        if (string.IsNullOrEmpty(SecretEnvironment) == string.IsNullOrEmpty(SecretFile))
        {
            return ([], $"{key} has {(string.IsNullOrEmpty(SecretFile) ? "no secret" : "two secrets")}; either SecretEnvironment or SecretFile is wanted.");
        }

        string? text;
        try
        {
            text = string.IsNullOrEmpty(SecretFile) ? Environment.GetEnvironmentVariable(SecretEnvironment!) : File.ReadAllText(SecretFile);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ([], $"{key}:SecretFile is '{SecretFile}', which cannot be read ({e.GetType().Name}); a readable file is wanted.");
        }

        var secret = Encoding.UTF8.GetBytes((text ?? "").TrimEnd('\r', '\n'));
        var place = string.IsNullOrEmpty(SecretFile) ? $"SecretEnvironment is '{SecretEnvironment}', and that variable" : $"SecretFile is '{SecretFile}', and that file";
        return secret.Length == 0 ? (secret, $"{key}:{place} is empty or not set; a secret of at least 16 bytes is wanted.")
            : secret.Length < 16 ? (secret, string.Create(CultureInfo.InvariantCulture, $"{key}:{place} holds {secret.Length} bytes; a secret of at least 16 is wanted."))
            : (secret, null);
    }
}
