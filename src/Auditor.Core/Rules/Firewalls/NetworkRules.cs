using System.Globalization;
using Auditor.Model;
using Auditor.Reach.Firewalls;
using Auditor.Reach.Flows;

namespace Auditor.Rules.Firewalls;

/// <summary>What the rules that judge a whole network's firewall have in common.</summary>
internal static class NetworkRules
{
    /// <summary>Why the network's own rules are not all known; null when they are.</summary>
    public static string? WhyUnread(VpcNetwork network, EstateView view) => view.Referrers<Firewall>(ResourceKind.Firewall, network.Name).Incomplete is { } incomplete
        ? $"firewall rules of network {network.Name.Id} could not all be listed: {incomplete}"
        : null;

    /// <summary>The regions in which the firewall differs: those of regional policies, and null for every other.</summary>
    public static IEnumerable<string?> Regions(VpcNetwork network, EstateView view) => view.Referrers<FirewallPolicy>(ResourceKind.FirewallPolicy, network.Name).Items
        .Where(policy => policy.Level == FirewallPolicyLevel.RegionalNetwork).Select(policy => policy.Name.Location).Distinct(StringComparer.Ordinal).DefaultIfEmpty("");

    /// <summary>Whether somebody who looks after the network wrote the rule.</summary>
    public static bool IsOfNetwork(FirewallDecider rule) =>
        rule.Kind == FirewallDeciderKind.Rule || (rule.Kind == FirewallDeciderKind.PolicyRule && rule.Resource is { Project: not null });

    /// <summary>Tells a rule from the others of the network.</summary>
    public static string KeyOf(FirewallDecider rule) => rule.Kind == FirewallDeciderKind.PolicyRule ? string.Create(CultureInfo.InvariantCulture, $"{rule.Resource!.Value.Path}/{rule.Priority}") : rule.Resource?.Path ?? rule.Name;

    /// <summary>The first four, and how many more.</summary>
    public static string Words(IReadOnlyCollection<FirewallDecider> deciders) => string.Join(", ", deciders.Take(4)) + (deciders.Count > 4 ? string.Create(CultureInfo.InvariantCulture, $" and {deciders.Count - 4} more") : "");

    /// <summary>The command that deletes a rule.</summary>
    public static string Delete(FirewallDecider rule) => rule.Kind != FirewallDeciderKind.PolicyRule
        ? $"gcloud compute firewall-rules delete {rule.Name} --project={rule.Resource!.Value.Project}"
        : string.Create(CultureInfo.InvariantCulture, $"gcloud compute network-firewall-policies rules delete {rule.Priority} --firewall-policy={rule.Resource!.Value.Id} --project={rule.Resource.Value.Project} {Scope(rule)}");

    /// <summary>Whether serverless workloads leave for the network; null when that is not known, and then why.</summary>
    public static (bool? Has, string? Missing) Serverless(ResourceName network, EstateView view)
    {
        var connectors = ConnectorsOn.Network(view, network);
        if (connectors.Items.Count > 0)
        {
            return (true, null);
        }

        var incomplete = connectors.Incomplete;
        foreach (var target in view.Referrers<Subnetwork>(ResourceKind.Subnetwork, network).Items.Select(subnetwork => subnetwork.Name).Prepend(network))
        {
            var users = ConnectorUsers.Of(view, target);
            if (users.Items.Count > 0)
            {
                return (true, null);
            }

            incomplete ??= users.Incomplete;
        }

        return incomplete is null ? (false, null) : (null, $"connectors and workloads on network {network.Id} could not all be listed: {incomplete}");
    }

    private static string Scope(FirewallDecider rule) => rule.Resource!.Value.Location is { } region and not "global" ? $"--firewall-policy-region={region}" : "--global-firewall-policy";
}
