using Auditor.Model;
using Auditor.Rules.Connectors;

namespace Auditor.Reach.Firewalls;

/// <summary>Puts a network's firewall together from what an estate shows.</summary>
internal sealed class EffectiveFirewallBuilder(EstateView view, ResourceName network, string? region)
{
    private readonly SortedSet<string> _assumptions = new(StringComparer.Ordinal);

    public EffectiveFirewall Build()
    {
        var policies = view.Referrers<FirewallPolicy>(ResourceKind.FirewallPolicy, network);
        var stages = new List<FirewallStage> { FirewallStage.Of("Google's own", [], FirewallLines.Platform) };
        stages.AddRange(Hierarchical(policies.Items));
        var ofNetwork = NetworkPolicies(policies);
        var order = EnforcementOrder(matters: ofNetwork.Count > 0);
        if (order == FirewallEnforcementOrder.Unrecognized && ofNetwork.Count > 0)
        {
            stages.Add(FirewallStage.Unreadable("order", $"network {network.Id} has an enforcement order that is not known"));
        }

        var rules = Rules();
        var rulesAt = stages.Count + (order == FirewallEnforcementOrder.BeforeClassicFirewall ? ofNetwork.Count : 0);
        stages.AddRange(order == FirewallEnforcementOrder.BeforeClassicFirewall ? ofNetwork.Append(rules) : ofNetwork.Prepend(rules));
        return new EffectiveFirewall(network, [.. stages], rulesAt, _assumptions.ToValueList());
    }

    private FirewallEnforcementOrder EnforcementOrder(bool matters)
    {
        switch (view.Find<VpcNetwork>(network))
        {
            case Lookup<VpcNetwork>.Found { Resource: var found }:
                return found.EnforcementOrder;
            default:
                if (matters)
                {
                    _assumptions.Add($"network {network.Id} was not read: VPC rules are taken to come before network policies, as they do by default");
                }

                return FirewallEnforcementOrder.AfterClassicFirewall;
        }
    }

    // As the network's effective firewalls list them; where nobody asked for those, as they hang on what stands above the project.
    private IEnumerable<FirewallStage> Hierarchical(IReadOnlyList<FirewallPolicy> ofNetwork)
    {
        var answered = ofNetwork.Where(policy => policy.Level == FirewallPolicyLevel.Hierarchical)
            .SelectMany(policy => policy.Associations.Where(association => association.Network == network).Select(association => (policy, association.Order))).ToList();
        if (answered.Count > 0)
        {
            return answered.OrderBy(pair => pair.Order).ThenBy(pair => pair.policy.Name).Select(pair => Stage(pair.policy));
        }

        // Near to far, then read from far to near.
        var (above, end) = Above();
        var listing = view.OfKind<FirewallPolicy>(ResourceKind.FirewallPolicy);
        var hierarchical = listing.Items.Where(policy => policy.Level == FirewallPolicyLevel.Hierarchical && IsForVpc(policy)).ToList();
        var stages = Enumerable.Reverse(above).SelectMany(node => hierarchical.Where(policy => IsOn(policy, node)), (_, policy) => Stage(policy)).ToList();
        if (end is not null)
        {
            // What hangs somewhere else may hang above what could not be read.
            var elsewhere = hierarchical.Where(policy => policy.Associations.Any(association => association.Network is null && !above.Contains(association.Target)));
            stages.InsertRange(0, elsewhere.Where(policy => !above.Exists(node => IsOn(policy, node))).Select(policy => Stage(policy, $"{end}, so that firewall policy {policy.Title} may or may not apply")));
            _assumptions.Add($"{end}: no other hierarchical firewall policy is taken to apply");
        }

        if (listing.Incomplete is { } incomplete)
        {
            _assumptions.Add($"hierarchical firewall policies could not all be listed ({incomplete}): those known are taken for all");
        }

        return stages;
    }

    private FirewallStage Stage(FirewallPolicy policy) => Stage(policy, null);

    private FirewallStage Stage(FirewallPolicy policy, string? doubt) => FirewallStage.Of(
        policy.Title,
        policy.Rules.SelectMany(rule => FirewallLines.Of(policy, rule, network, TrafficDirection.Ingress, doubt)),
        policy.Rules.SelectMany(rule => FirewallLines.Of(policy, rule, network, TrafficDirection.Egress, doubt)));

    // The folders and the organisation above the network's project, near to far; and why there may be more.
    private (List<string> Nodes, string? End) Above()
    {
        var nodes = new List<string>();
        if (view.Find<Project>(ResourceName.Of(ResourceKind.Project, network.Project!)) is not Lookup<Project>.Found { Resource: var project })
        {
            return (nodes, $"project {network.Project} was not read");
        }

        for (var parent = project.Parent; parent is not null;)
        {
            if (nodes.Contains(parent))
            {
                return (nodes, $"{parent} stands above itself");
            }

            nodes.Add(parent);
            if (parent.StartsWith("organizations/", StringComparison.Ordinal))
            {
                return (nodes, null);
            }

            if (view.Find<Folder>(ResourceName.Of(ResourceKind.Folder, parent["folders/".Length..])) is not Lookup<Folder>.Found { Resource: var folder })
            {
                return (nodes, $"{parent} was not read");
            }

            parent = folder.Parent;
        }

        // A project without parent belongs to no organisation.
        return (nodes, null);
    }

    private List<FirewallStage> NetworkPolicies(Listing<FirewallPolicy> policies)
    {
        var stages = new List<FirewallStage>();
        var ofNetwork = policies.Items.Where(policy => IsForVpc(policy) && policy.Associations.Any(association => association.Network == network)).ToList();
        stages.AddRange(ofNetwork.Where(policy => policy.Level == FirewallPolicyLevel.GlobalNetwork).OrderBy(policy => policy.Associations.First(association => association.Network == network).Order).ThenBy(policy => policy.Name).Select(Stage));
        var regional = ofNetwork.Where(policy => policy.Level == FirewallPolicyLevel.RegionalNetwork);
        stages.AddRange(region is null
            ? regional.Select(policy => Stage(policy, $"firewall policy {policy.Title} applies in {policy.Name.Location} only, and the machine's region is not given"))
            : regional.Where(policy => policy.Name.Location == region).Select(Stage));
        if (policies.Incomplete is { } incomplete && !stages.Exists(stage => stage.Name == "unread"))
        {
            stages.Add(FirewallStage.Unreadable("unread", $"firewall policies of network {network.Id} could not all be listed: {incomplete}"));
        }

        return stages;
    }

    private FirewallStage Rules()
    {
        var listing = view.Referrers<Firewall>(ResourceKind.Firewall, network);
        if (listing.Incomplete is { } incomplete)
        {
            return FirewallStage.Unreadable("VPC firewall rules", $"firewall rules of network {network.Id} could not all be listed: {incomplete}");
        }

        return FirewallStage.Of(
            "VPC firewall rules",
            listing.Items.SelectMany(rule => FirewallLines.Of(rule, TrafficDirection.Ingress)).Concat(Managed(listing.Items)),
            listing.Items.SelectMany(rule => FirewallLines.Of(rule, TrafficDirection.Egress)));
    }

    private IEnumerable<FirewallLine> Managed(IReadOnlyList<Firewall> listed)
    {
        var managed = listed.Where(ManagedRules.IsManaged).ToList();
        var connectors = ConnectorsOn.Network(view, network);
        return connectors.Items.Where(item => ManagedRules.AppliesTo(item.Connector, network) && !managed.Exists(rule => ManagedRules.IsOf(rule, item.Connector)))
            .SelectMany(item => ManagedRules.Assumed(item.Connector, item.Range))
            .Concat(connectors.Incomplete is { } incomplete ? [ManagedRules.Unlisted($"connectors on {network.Id} could not all be listed: {incomplete}")] : []);
    }

    private static bool IsForVpc(FirewallPolicy policy) => policy.PolicyType is null or "VPC_POLICY";

    private static bool IsOn(FirewallPolicy policy, string node) => policy.Associations.Any(association => association.Target == node);
}
