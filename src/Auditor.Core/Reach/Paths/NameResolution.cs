using Auditor.Model;
using Auditor.Network;

namespace Auditor.Reach.Paths;

/// <summary>What a host name means to the machines of a network, as the estate's private zones say it. Nothing is asked of a resolver.</summary>
public abstract record ResolvedName
{
    private ResolvedName()
    {
    }

    /// <summary>Addresses, IPv4.</summary>
    /// <param name="By">The zone or response policy that answers.</param>
    public sealed record Addresses(AddressSet Set, PathDecider By) : ResolvedName;

    /// <summary>A zone or response policy answers that there is no such name, or no address under it.</summary>
    public sealed record Nothing(PathDecider By) : ResolvedName;

    /// <summary>No private zone has it: the internet's DNS answers, which is not asked.</summary>
    /// <param name="Name">The name that it is asked for, after aliases; with the final dot.</param>
    public sealed record Public(string Name) : ResolvedName;

    public sealed record Unknown(string Because) : ResolvedName;
}

/// <summary>
/// Resolves names as Cloud DNS does for a network: alternative name servers take everything; response policies come next; then the private zone with the
/// longest suffix among those that the network sees; then the internet. Aliases start over. Source: the page on name resolution order of Cloud DNS.
/// </summary>
internal sealed class NameResolution
{
    // Cloud DNS gives up on longer chains.
    private const int MostAliases = 16;

    private readonly EstateView _view;

    private NameResolution(EstateView view) => _view = view;

    /// <summary>What a name means in a network.</summary>
    /// <param name="name">With or without the final dot, any case.</param>
    public static ResolvedName Of(EstateView view, ResourceName network, string name) => new NameResolution(view).Resolve(network, Full(name), MostAliases);

    /// <summary>Lower case, with the final dot.</summary>
    public static string Full(string name) => name.EndsWith('.') ? name.ToLowerInvariant() : name.ToLowerInvariant() + ".";

    private ResolvedName Resolve(ResourceName client, string name, int left)
    {
        var asked = client;
        for (; left > 0; left--)
        {
            switch (Ask(asked, name))
            {
                case Answer.Elsewhere { Network: var other }:
                    asked = other;
                    break;
                case Answer.Alias { Target: var target } when asked == client:
                    name = Full(target);
                    break;
                case Answer.Alias { Target: var target, By: var by }:
                    // Whether the client's network or the one that was asked resolves an alias is not documented.
                    var (here, there) = (Resolve(client, Full(target), left - 1), Resolve(asked, Full(target), left - 1));
                    return here == there ? here : new ResolvedName.Unknown($"{by} of network {asked.Id} answers with the alias {target}, which means other things in different networks");
                case Answer.Final { Result: var result }:
                    return result;
            }
        }

        return new ResolvedName.Unknown($"{name} leads from alias to alias or from network to network without end");
    }

    private abstract record Answer
    {
        public sealed record Final(ResolvedName Result) : Answer;

        public sealed record Alias(string Target, PathDecider By) : Answer;

        /// <summary>Another network's zones answer.</summary>
        public sealed record Elsewhere(ResourceName Network) : Answer;
    }

    private Answer Ask(ResourceName network, string name)
    {
        var policies = _view.Referrers<DnsPolicy>(ResourceKind.DnsPolicy, network);
        if (policies.Items.FirstOrDefault(policy => !policy.AlternativeNameServers.IsEmpty) is { } other)
        {
            return Unknown($"{PathDecider.Of(other.Name)} sends every name of network {network.Id} to servers of its own");
        }

        var responses = _view.Referrers<ResponsePolicy>(ResourceKind.ResponsePolicy, network);
        var zones = _view.Referrers<ManagedZone>(ResourceKind.ManagedZone, network);
        if ((policies.Incomplete ?? responses.Incomplete ?? zones.Incomplete) is { } incomplete)
        {
            return Unknown($"DNS zones and policies of network {network.Id} could not all be listed: {incomplete}");
        }

        return OfResponse(responses.Items, name) ?? OfZones(zones.Items, network, name);
    }

    private static Answer? OfResponse(IReadOnlyList<ResponsePolicy> policies, string name)
    {
        foreach (var policy in policies)
        {
            var by = PathDecider.Of(policy.Name);
            if (policy.Rules is not { } rules)
            {
                return Unknown($"the rules of {by} were not read{(policy.RulesUnread is { } why ? $": {why}" : "")}");
            }

            // The exact name before wildcards, the longer of these before the shorter.
            if (rules.Where(rule => Fits(rule.DnsName, name)).OrderByDescending(rule => rule.DnsName == name).ThenByDescending(rule => rule.DnsName.Length).FirstOrDefault() is { } first)
            {
                return first.Behavior is not null || first.Records.IsEmpty ? null : Of(first.Records, name, by);
            }
        }

        return null;
    }

    private Answer OfZones(IReadOnlyList<ManagedZone> zones, ResourceName network, string name)
    {
        var zone = zones.Where(zone => zone.IsPrivate && zone.Networks.Contains(network) && zone.DnsName is { } suffix && (name == suffix || name.EndsWith("." + suffix, StringComparison.Ordinal)))
            .OrderByDescending(zone => zone.DnsName!.Length).ThenBy(zone => zone.Name).FirstOrDefault();
        if (zone is null)
        {
            return new Answer.Final(new ResolvedName.Public(name));
        }

        var by = PathDecider.Of(zone.Name);
        if (zone.PeeringNetwork is { } peer)
        {
            return _view.Find<VpcNetwork>(peer) is Lookup<VpcNetwork>.Found ? new Answer.Elsewhere(peer) : Unknown($"{by} asks network {peer.Id} of project {peer.Project}, which was not read");
        }

        if (!zone.ForwardingTargets.IsEmpty || zone.ServiceDirectoryNamespace is not null)
        {
            return Unknown($"{by} asks {(zone.ServiceDirectoryNamespace is null ? "servers of its own" : "Service Directory")}");
        }

        return zone.Records is not { } records ? Unknown($"the records of {by} were not read{(zone.RecordsUnread is { } why ? $": {why}" : "")}") : Of(records, name, by);
    }

    private static Answer Of(ValueList<DnsRecord> records, string name, PathDecider by)
    {
        var found = records.Where(record => record.Name == name).ToList();
        for (var above = Above(name); found.Count == 0 && above is not null; above = Above(above))
        {
            found = [.. records.Where(record => record.Name == "*." + above)];
            if (records.Any(record => record.Name == above || record.Name.EndsWith("." + above, StringComparison.Ordinal)))
            {
                // Only the wildcard right below the nearest name that exists counts (RFC 4592).
                break;
            }
        }

        var addresses = AddressSet.Of(found.SelectMany(record => record.Addresses));
        return !addresses.IsEmpty ? new Answer.Final(new ResolvedName.Addresses(addresses, by))
            : found.Find(record => record.Type == "CNAME")?.Data is [var target, ..] ? new Answer.Alias(target, by)
            : found.Exists(record => record.Type == "AAAA") ? Unknown($"{name} has IPv6 addresses alone in {by}")
            : new Answer.Final(new ResolvedName.Nothing(by));
    }

    // "b.example." of "a.b.example."; null at the top.
    private static string? Above(string name) => name.IndexOf('.', StringComparison.Ordinal) is var dot && dot >= 0 && dot < name.Length - 1 ? name[(dot + 1)..] : null;

    // "*.corp.example." stands for every name below corp.example., however deep, and not for that itself.
    private static bool Fits(string pattern, string name) => pattern == name || (pattern.StartsWith("*.", StringComparison.Ordinal) && name.EndsWith(pattern[1..], StringComparison.Ordinal) && name.Length > pattern.Length - 1);

    private static Answer.Final Unknown(string because) => new(new ResolvedName.Unknown(because));
}
