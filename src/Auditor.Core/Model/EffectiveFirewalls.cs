using System.Globalization;
using System.Text.Json;

namespace Auditor.Model;

/// <summary>
/// Reads the answer of getEffectiveFirewalls of a network, of a region or of an instance: VPC rules, and every policy above them with its rules.
/// Policies become resources that are associated with the network, in the order in which they are read: by type, then by the priority that newer
/// answers give each policy within its type, else in the order of the answer.
/// Source: NetworksGetEffectiveFirewallsResponse and its siblings, compute v1 (the field is really called "firewallPolicys").
/// </summary>
internal sealed class EffectiveFirewalls(EstateBuilder builder, string source)
{
    private const string Compute = "compute.googleapis.com";

    internal void Walk(JsonElement json, DocumentHint hint)
    {
        var network = NetworkOf(json, hint, source);
        var inner = hint with { Project = hint.Project ?? network?.Project };
        foreach (var rule in json.ArrayOf("firewalls").Items())
        {
            if (ResourceIdentity.Of(rule, inner) is { Kind: ResourceKind.Firewall } name)
            {
                builder.AddResource(name, rule, source);
            }
            else
            {
                builder.AddProblem(source, $"firewall rule \"{rule.TextOf("name")}\" does not say its project");
            }
        }

        var order = 0;
        foreach (var policy in InOrder((json.ArrayOf("firewallPolicys") ?? json.ArrayOf("firewallPolicies")).Items()))
        {
            if (network is { } known && NameOf(policy, known, hint) is { } name)
            {
                builder.AddResource(name, policy, source, effective: new EffectivePolicy(known, order));
            }
            else
            {
                builder.AddProblem(source, $"firewall policy \"{policy.TextOf("shortName") ?? policy.TextOf("name")}\" stands in effective firewalls whose {(network is null ? "network" : "region")} is not known");
            }

            order++;
        }
    }

    private static IEnumerable<JsonElement> InOrder(IEnumerable<JsonElement> policies) => policies.GroupBy(RankOf).OrderBy(type => type.Key)
        .SelectMany(type => type.All(policy => PriorityOf(policy) is not null) ? type.OrderBy(PriorityOf) : (IEnumerable<JsonElement>)type);

    // Hierarchical policies, Google's own system policies, those of the network, those of its regions.
    private static int RankOf(JsonElement policy) => policy.TextOf("type") switch
    {
        "SYSTEM" or "SYSTEM_GLOBAL" => 1,
        "SYSTEM_REGIONAL" => 2,
        "NETWORK" => 3,
        "NETWORK_REGIONAL" => 4,
        _ => 0,
    };

    private static decimal? PriorityOf(JsonElement policy) =>
        decimal.TryParse(policy.TextOf("priority"), NumberStyles.Float, CultureInfo.InvariantCulture, out var priority) ? priority : null;

    // From the caller, a rule, or the source: ".../projects/p/global/networks/n/getEffectiveFirewalls", "compute-effective-firewalls-n.json".
    private static ResourceName? NetworkOf(JsonElement json, DocumentHint hint, string source)
    {
        var fromRule = json.ArrayOf("firewalls").Items().Select(rule => ResourceName.TryParse(rule.TextOf("network"), Compute)).FirstOrDefault(name => name is not null);
        if ((hint.Network ?? fromRule) is { } said)
        {
            return said;
        }

        var path = source.EndsWith("/getEffectiveFirewalls", StringComparison.Ordinal) ? source[..source.LastIndexOf('/')] : source;
        if (ResourceName.TryParse(path, Compute) is { Kind: ResourceKind.Network } asked)
        {
            return asked;
        }

        const string FilePrefix = "compute-effective-firewalls-";
        var file = Path.GetFileNameWithoutExtension(source);
        return file.StartsWith(FilePrefix, StringComparison.Ordinal) && hint.Project is { } project ? ResourceName.Of(ResourceKind.Network, project, file[FilePrefix.Length..]) : null;
    }

    private static ResourceName? NameOf(JsonElement policy, ResourceName network, DocumentHint hint)
    {
        var text = policy.TextOf("name") ?? policy.TextOf("shortName") ?? policy.TextOf("displayName");
        if (text is null)
        {
            return null;
        }

        var id = text[(text.LastIndexOf('/') + 1)..];
        return policy.TextOf("type") switch
        {
            "NETWORK" => ResourceName.Of(Compute, $"projects/{network.Project}/global/firewallPolicies/{id}"),
            "NETWORK_REGIONAL" => (ResourceName.TryParse(policy.TextOf("selfLink") ?? text, Compute)?.Location ?? hint.Location) is { } region and not "global"
                ? ResourceName.Of(Compute, $"projects/{network.Project}/regions/{region}/firewallPolicies/{id}")
                : null,
            null or "UNSPECIFIED" when !id.All(char.IsAsciiDigit) => ResourceName.Of(Compute, $"projects/{network.Project}/global/firewallPolicies/{id}"),

            // Hierarchical, and Google's own system policies, which stand beside them.
            _ => ResourceName.Of(ResourceKind.FirewallPolicy, id),
        };
    }
}
