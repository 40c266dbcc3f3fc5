using System.Text.Json;

namespace Auditor.Model;

/// <summary>
/// Reads the answer of getEffectiveFirewalls of a network, of a region or of an instance: VPC rules, and every policy above them with its rules.
/// Policies become resources that are associated with the network, in the order of the answer.
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
        foreach (var policy in (json.ArrayOf("firewallPolicys") ?? json.ArrayOf("firewallPolicies")).Items())
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
