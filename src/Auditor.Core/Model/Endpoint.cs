using System.Globalization;
using System.Text.RegularExpressions;
using Auditor.Network;

namespace Auditor.Model;

/// <summary>Something a workload is configured to call: host and port, or a Cloud SQL connection name.</summary>
/// <param name="Host">A private address, a host name in lower case, or a connection name such as "p:europe-west1:db".</param>
/// <param name="Port">1..65535; null for a connection name.</param>
public sealed record Endpoint(string Host, int? Port)
{
    /// <summary>The address; null when the host is a name.</summary>
    public IpRange? Address => IpRange.TryParse(Host);

    public override string ToString() => Port is { } port ? string.Create(CultureInfo.InvariantCulture, $"{Host}:{port}") : Host;

    internal static Endpoint? TryParse(string text)
    {
        var colon = text.LastIndexOf(':');
        return Regexes.ConnectionName().IsMatch(text) ? new Endpoint(text, null)
            : colon > 0 && ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0 ? new Endpoint(text[..colon], port)
            : null;
    }

    /// <summary>
    /// The endpoints in environment variables, sorted. Only hosts and ports are taken, never a user, a password, a path or any other part of a value;
    /// public addresses are left out.
    /// </summary>
    internal static IEnumerable<Endpoint> In(IEnumerable<(string Name, string Value)> variables)
    {
        var all = variables.DistinctBy(variable => variable.Name, StringComparer.Ordinal).ToDictionary(variable => variable.Name, variable => variable.Value.Trim(), StringComparer.Ordinal);
        return all.SelectMany(variable => In(variable.Key, variable.Value, all)).Distinct().OrderBy(endpoint => endpoint.ToString(), StringComparer.Ordinal);
    }

    private static IEnumerable<Endpoint> In(string name, string value, Dictionary<string, string> all)
    {
        if (value.Length is 0 or > 4096)
        {
            return [];
        }

        if (Regexes.ConnectionName().IsMatch(value))
        {
            return [new Endpoint(value, null)];
        }

        var urls = Regexes.Url().Matches(value);
        if (urls.Count > 0)
        {
            return urls.SelectMany(url => url.Groups["hosts"].Value.Split(',').Select(part => Of(part, DefaultPort(url.Groups["scheme"].Value)))).OfType<Endpoint>();
        }

        // "Host=10.0.0.3;Port=5432;Password=..." and "host=10.0.0.3 port=5432".
        var pairs = Regexes.Pair().Matches(value).GroupBy(pair => pair.Groups["key"].Value.ToUpperInvariant(), StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.First().Groups["value"].Value, StringComparer.Ordinal);
        if ((pairs.GetValueOrDefault("HOST") ?? pairs.GetValueOrDefault("SERVER") ?? pairs.GetValueOrDefault("DATA SOURCE")) is { } server)
        {
            var (host, port) = server.Split(',') is [var before, var after] ? (before, after) : (server, pairs.GetValueOrDefault("PORT"));
            return Of(port is null ? host : $"{host}:{port}", null) is { } one ? [one] : [];
        }

        if (value.Contains(':', StringComparison.Ordinal))
        {
            return value.Split(',', StringSplitOptions.TrimEntries).Select(part => Of(part, null)).OfType<Endpoint>();
        }

        // DB_HOST beside DB_PORT.
        return Regexes.HostVariable().Match(name) is { Success: true } match && all.TryGetValue(match.Groups["prefix"].Value + "PORT", out var beside) && Of($"{value}:{beside}", null) is { } both ? [both] : [];
    }

    private static Endpoint? Of(string text, int? defaultPort)
    {
        var match = Regexes.HostAndPort().Match(text);
        if (!match.Success || (match.Groups["port"].Success ? ushort.TryParse(match.Groups["port"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : 0 : defaultPort ?? 0) is not (> 0 and var number))
        {
            return null;
        }

        var host = match.Groups["host"].Value.ToLowerInvariant();
        return IpRange.TryParse(host) is { } address
            ? AddressSet.Private.Contains(address) ? new Endpoint(host, number) : null
            : host.Contains('.', StringComparison.Ordinal) && !host.All(c => char.IsAsciiDigit(c) || c == '.') ? new Endpoint(host, number) : null;
    }

    private static int? DefaultPort(string scheme) => scheme.ToUpperInvariant().Split('+')[0] switch
    {
        "POSTGRES" or "POSTGRESQL" => 5432,
        "MYSQL" or "MARIADB" => 3306,
        "SQLSERVER" or "MSSQL" => 1433,
        "REDIS" => 6379,
        "REDISS" => 6378,
        "MEMCACHED" => 11211,
        "MONGODB" => 27017,
        "AMQP" => 5672,
        "AMQPS" => 5671,
        "HTTP" => 80,
        "HTTPS" => 443,
        _ => null,
    };
}

/// <summary>How endpoints are written.</summary>
internal static partial class Regexes
{
    private const int Timeout = 1000;

    [GeneratedRegex(@"(?<scheme>[A-Za-z][A-Za-z0-9+.\-]*)://(?:[^@/\s]*@)?(?<hosts>[A-Za-z0-9.\-:,]+)", RegexOptions.ExplicitCapture, Timeout)]
    internal static partial Regex Url();

    [GeneratedRegex(@"(?:^|[;\s])(?<key>host|server|data source|port)\s*=\s*(?:tcp:)?(?<value>[A-Za-z0-9.\-]+(?:,\d+)?)", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, Timeout)]
    internal static partial Regex Pair();

    [GeneratedRegex(@"^(?<host>[A-Za-z0-9](?:[A-Za-z0-9.\-]*[A-Za-z0-9])?)(?::(?<port>\d{1,5}))?$", RegexOptions.ExplicitCapture, Timeout)]
    internal static partial Regex HostAndPort();

    [GeneratedRegex("^(?<prefix>(?:.*_)?)(?:HOST|HOSTNAME|ADDR|ADDRESS|IP|SERVER|ENDPOINT)$", RegexOptions.ExplicitCapture, Timeout)]
    internal static partial Regex HostVariable();

    [GeneratedRegex(@"^(?:[a-z][a-z0-9.\-]*:)?[a-z][a-z0-9\-]*:[a-z]+-[a-z]+\d+:[a-z][a-z0-9\-]*$", RegexOptions.ExplicitCapture, Timeout)]
    internal static partial Regex ConnectionName();
}

/// <summary>Reads endpoints where each API has the variables. The variables themselves are not kept, only what was found in them.</summary>
internal static class EndpointFields
{
    // Not a field of Google's: stands in the trimmed JSON for the variables it was worked out of.
    private const string Kept = "auditorEndpoints";

    /// <summary>The variables of a template's containers: name and value in a list.</summary>
    internal static ValueList<Endpoint> OfContainers(FieldReader fields, Func<FieldReader, FieldReader?> template) => Of(fields, unkept =>
        (template(unkept)?.Children("containers") ?? []).SelectMany(container => container.Children("env")).Select(variable => (variable.Peek("name") ?? "", variable.Peek("value") ?? "")));

    /// <summary>The variables as a map.</summary>
    internal static ValueList<Endpoint> OfMap(FieldReader fields, Func<FieldReader, FieldReader?> owner, string map) => Of(fields, unkept =>
        owner(unkept)?.Map(map).Select(pair => (pair.Key, pair.Value)) ?? []);

    private static ValueList<Endpoint> Of(FieldReader fields, Func<FieldReader, IEnumerable<(string Name, string Value)>> variables)
    {
        if (!fields.Context.ReadVariables)
        {
            return [];
        }

        if (fields.Has(Kept))
        {
            return fields.Texts(Kept).Select(text => Endpoint.TryParse(text) ?? throw fields.NotUnderstood(Kept, "a text without port", "host:port or a connection name")).ToValueList();
        }

        try
        {
            return fields.KeepDerived(Kept, Endpoint.In(variables(fields.Unkept)).ToValueList());
        }
        catch (Exception e) when (e is NotUnderstoodException or InvalidOperationException)
        {
            // Variables in no known shape, or not Unicode: the workload is understood without them.
            return [];
        }
    }
}
