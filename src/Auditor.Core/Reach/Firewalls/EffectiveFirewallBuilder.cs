using Auditor.Model;
using Auditor.Network;
using Auditor.Reach.Flows;

namespace Auditor.Reach.Firewalls;

/// <summary>A policy as a stage.</summary>
/// <param name="Doubt">Why it is not known whether it applies; null when it does.</param>
internal sealed record PolicyStage(FirewallPolicy Policy, string? Doubt);

/// <summary>What is assumed of rules that Google manages.</summary>
/// <param name="Connectors">Those none of whose rules is listed, with their ranges.</param>
/// <param name="WhyUnread">Why there may be more connectors; null when there are not.</param>
internal sealed record AssumedRules(ValueList<(ResourceName Connector, IpRange Range)> Connectors, string? WhyUnread);

/// <summary>Collects what a network's firewall is made of, and puts it together.</summary>
internal sealed class EffectiveFirewallBuilder(EstateView view, ResourceName network, string? region)
{
    private const int FewRules = 16;

    private readonly SortedSet<string> _assumptions = new(StringComparer.Ordinal);

    /// <summary>The firewall of an earlier estate with a few rules exchanged; null where more has changed.</summary>
    public EffectiveFirewall? Exchange(EffectiveFirewall before, Lapse lapse)
    {
        var rules = lapse.Changes.Keys.Where(name => name.Kind == ResourceKind.Firewall).ToList();
        var looked = lapse.References.Where(view.HadLookedAt).ToList();
        if (rules.Count > FewRules || !looked.TrueForAll(reference => reference == new Reference(ResourceKind.Firewall, network) || reference.Kind == ResourceKind.Connector))
        {
            return null;
        }

        var now = view.Referrers<Firewall>(ResourceKind.Firewall, network, rules);
        var exchanged = rules.Select(name => (Before: lapse.Changes[name].Before is Firewall old && old.Network == network ? old : null, After: now.Items.FirstOrDefault(rule => rule.Name == name))).Where(pair => pair.Before != pair.After).ToList();
        return now.Incomplete is not null || exchanged.Exists(pair => (pair.Before is { } old && ManagedRules.IsManaged(old)) || (pair.After is { } fresh && ManagedRules.IsManaged(fresh)))
            || (looked.Exists(reference => reference.Kind != ResourceKind.Firewall) && Assumed(before.Managed) != before.Assumed) ? null
            : exchanged.Aggregate(before, (firewall, pair) => firewall.With(pair.Before, pair.After));
    }

    public EffectiveFirewall Make()
    {
        var policies = view.Referrers<FirewallPolicy>(ResourceKind.FirewallPolicy, network);
        var stages = new List<FirewallStage> { FirewallStage.Of("Google's own", [], FirewallLines.Platform) };
        stages.AddRange(Hierarchical(policies.Items).Select(Stage));
        var ofNetwork = NetworkPolicies(policies).ConvertAll(Stage);
        var order = EnforcementOrder(matters: ofNetwork.Count > 0);
        if (order == FirewallEnforcementOrder.Unrecognized && ofNetwork.Count > 0)
        {
            stages.Add(FirewallStage.Unreadable("order", $"network {network.Id} has an enforcement order that is not known"));
        }

        if (policies.Incomplete is { } some)
        {
            ofNetwork.Add(FirewallStage.Unreadable("network policies", $"firewall policies of network {network.Id} could not all be listed: {some}"));
        }

        var rules = view.Referrers<Firewall>(ResourceKind.Firewall, network);
        var managed = rules.Items.Where(ManagedRules.IsManaged).ToValueList();
        var assumed = Assumed(managed);
        var isFirst = order == FirewallEnforcementOrder.BeforeClassicFirewall;
        var rulesAt = stages.Count + (isFirst ? ofNetwork.Count : 0);
        var ofRules = Rules(rules, assumed);
        stages.AddRange(isFirst ? ofNetwork.Append(ofRules) : ofNetwork.Prepend(ofRules));
        return new EffectiveFirewall(network, [.. stages], rulesAt, managed, assumed, _assumptions.ToValueList());
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
    private IEnumerable<PolicyStage> Hierarchical(IReadOnlyList<FirewallPolicy> ofNetwork)
    {
        var answered = ofNetwork.Where(policy => policy.Level == FirewallPolicyLevel.Hierarchical)
            .SelectMany(policy => policy.Associations.Where(association => association.Network == network).Select(association => (policy, association.Order))).ToList();
        if (answered.Count > 0)
        {
            return answered.OrderBy(pair => pair.Order).ThenBy(pair => pair.policy.Name).Select(pair => new PolicyStage(pair.policy, null));
        }

        // Near to far, then read from far to near.
        var (above, end) = Above();
        var listing = view.OfKind<FirewallPolicy>(ResourceKind.FirewallPolicy);
        var hierarchical = listing.Items.Where(policy => policy.Level == FirewallPolicyLevel.Hierarchical && IsForVpc(policy)).ToList();
        var stages = Enumerable.Reverse(above).SelectMany(node => hierarchical.Where(policy => IsOn(policy, node)), (_, policy) => new PolicyStage(policy, null)).ToList();
        if (end is not null)
        {
            // What hangs somewhere else may hang above what could not be read.
            var elsewhere = hierarchical.Where(policy => policy.Associations.Any(association => association.Network is null && !above.Contains(association.Target)));
            stages.InsertRange(0, elsewhere.Where(policy => !above.Exists(node => IsOn(policy, node))).Select(policy => new PolicyStage(policy, $"{end}, so that firewall policy {policy.Title} may or may not apply")));
            _assumptions.Add($"{end}: no other hierarchical firewall policy is taken to apply");
        }

        if (listing.Incomplete is { } incomplete)
        {
            _assumptions.Add($"hierarchical firewall policies could not all be listed ({incomplete}): those known are taken for all");
        }

        return stages;
    }

    private FirewallStage Stage(PolicyStage stage) => FirewallStage.Of(
        stage.Policy.Title,
        stage.Policy.Rules.SelectMany(rule => FirewallLines.Of(stage.Policy, rule, network, TrafficDirection.Ingress, stage.Doubt)),
        stage.Policy.Rules.SelectMany(rule => FirewallLines.Of(stage.Policy, rule, network, TrafficDirection.Egress, stage.Doubt)));

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

        // A project without parent belongs to no organisation; but compute, which tells no number either, tells of no parent.
        return (nodes, nodes.Count == 0 && project.Number is null ? $"what stands above project {network.Project} was not read" : null);
    }

    private List<PolicyStage> NetworkPolicies(Listing<FirewallPolicy> policies)
    {
        var ofNetwork = policies.Items.Where(policy => IsForVpc(policy) && policy.Associations.Any(association => association.Network == network)).ToList();
        var global = ofNetwork.Where(policy => policy.Level == FirewallPolicyLevel.GlobalNetwork)
            .OrderBy(policy => policy.Associations.First(association => association.Network == network).Order).ThenBy(policy => policy.Name).Select(policy => new PolicyStage(policy, null));
        var regional = ofNetwork.Where(policy => policy.Level == FirewallPolicyLevel.RegionalNetwork && (region is null || policy.Name.Location == region));
        return global.Concat(regional.Select(policy => new PolicyStage(policy, region is null ? $"firewall policy {policy.Title} applies in {policy.Name.Location} only, and the machine's region is not given" : null))).ToList();
    }

    private FirewallStage Rules(Listing<Firewall> rules, AssumedRules assumed) => rules.Incomplete is { } unread
        ? FirewallStage.Unreadable("VPC firewall rules", $"firewall rules of network {network.Id} could not all be listed: {unread}")
        : FirewallStage.Of(
            "VPC firewall rules",
            rules.Items.SelectMany(rule => FirewallLines.Of(rule, TrafficDirection.Ingress)).Concat(assumed.Connectors.SelectMany(item => ManagedRules.Assumed(item.Connector, item.Range)))
                .Concat(assumed.WhyUnread is { } incomplete ? [ManagedRules.Unlisted($"connectors on {network.Id} could not all be listed: {incomplete}")] : []),
            rules.Items.SelectMany(rule => FirewallLines.Of(rule, TrafficDirection.Egress)));

    private AssumedRules Assumed(ValueList<Firewall> managed)
    {
        var connectors = ConnectorsOn.Network(view, network);
        return new AssumedRules(
            connectors.Items.Where(item => ManagedRules.AppliesTo(item.Connector, network) && !managed.Any(rule => ManagedRules.IsOf(rule, item.Connector))).Select(item => (item.Connector.Name, item.Range)).ToValueList(),
            connectors.Incomplete);
    }

    private static bool IsForVpc(FirewallPolicy policy) => policy.PolicyType is null or "VPC_POLICY";

    private static bool IsOn(FirewallPolicy policy, string node) => policy.Associations.Any(association => association.Target == node);
}
