using Auditor.Model;
using Auditor.Network;
using Auditor.Reach.Flows;

namespace Auditor.Reach.Firewalls;

/// <summary>A policy as a stage.</summary>
/// <param name="Doubt">Why it is not known whether it applies; null when it does.</param>
internal sealed record PolicyStage(FirewallPolicy Policy, string? Doubt);

/// <summary>All that a network's firewall is made of, as an estate shows it.</summary>
/// <param name="Unordered">Why the order of rules and network policies is not known; null when it is.</param>
/// <param name="Rules">Sorted by name.</param>
/// <param name="WhyRulesUnread">Why there may be more rules; null when there are not.</param>
/// <param name="Connectors">Those that Google makes rules for none of which is listed, with their ranges.</param>
/// <param name="WhyConnectorsUnread">Why there may be more connectors; null when there are not.</param>
internal sealed record FirewallInputs(
    ValueList<PolicyStage> Hierarchical,
    ValueList<PolicyStage> OfNetwork,
    string? WhyPoliciesUnread,
    bool NetworkPoliciesFirst,
    string? Unordered,
    IReadOnlyList<Firewall> Rules,
    string? WhyRulesUnread,
    ValueList<(Connector Connector, IpRange Range)> Connectors,
    string? WhyConnectorsUnread,
    ValueList<string> Assumptions)
{
    /// <summary>Whether everything but the rules is the same.</summary>
    public bool DiffersInRulesOnly(FirewallInputs other) => this with { Rules = other.Rules } == other;
}

/// <summary>Collects what a network's firewall is made of, and puts it together.</summary>
internal sealed class EffectiveFirewallBuilder(EstateView view, ResourceName network, string? region)
{
    private const int FewRules = 16;

    private readonly SortedSet<string> _assumptions = new(StringComparer.Ordinal);

    /// <summary>The firewall; where but a few rules differ from one that was made before, that one with them exchanged.</summary>
    public static EffectiveFirewall Make(ResourceName network, FirewallInputs inputs, (FirewallInputs Inputs, EffectiveFirewall Value)? before)
    {
        if (before is not { } known || inputs.WhyRulesUnread is not null || !inputs.DiffersInRulesOnly(known.Inputs) || Exchanged(known.Inputs.Rules, inputs.Rules) is not { } exchanged)
        {
            return Make(network, inputs);
        }

        return exchanged.Aggregate(known.Value, (firewall, pair) => firewall.With(pair.Before, pair.After));
    }

    public FirewallInputs Collect()
    {
        var policies = view.Referrers<FirewallPolicy>(ResourceKind.FirewallPolicy, network);
        var hierarchical = Hierarchical(policies.Items).ToValueList();
        var ofNetwork = NetworkPolicies(policies);
        var order = EnforcementOrder(matters: ofNetwork.Count > 0);
        var rules = view.Referrers<Firewall>(ResourceKind.Firewall, network);
        var managed = rules.Items.Where(ManagedRules.IsManaged).ToList();
        var connectors = ConnectorsOn.Network(view, network);
        return new FirewallInputs(
            hierarchical,
            ofNetwork,
            policies.Incomplete is { } some ? $"firewall policies of network {network.Id} could not all be listed: {some}" : null,
            order == FirewallEnforcementOrder.BeforeClassicFirewall,
            order == FirewallEnforcementOrder.Unrecognized && ofNetwork.Count > 0 ? $"network {network.Id} has an enforcement order that is not known" : null,
            rules.Items,
            rules.Incomplete is { } incomplete ? $"firewall rules of network {network.Id} could not all be listed: {incomplete}" : null,
            connectors.Items.Where(item => ManagedRules.AppliesTo(item.Connector, network) && !managed.Exists(rule => ManagedRules.IsOf(rule, item.Connector)))
                .Select(item => (new Connector(item.Connector.Name), item.Range)).ToValueList(),
            connectors.Incomplete is { } others ? $"connectors on {network.Id} could not all be listed: {others}" : null,
            _assumptions.ToValueList());
    }

    private static EffectiveFirewall Make(ResourceName network, FirewallInputs inputs)
    {
        var stages = new List<FirewallStage> { FirewallStage.Of("Google's own", [], FirewallLines.Platform) };
        stages.AddRange(inputs.Hierarchical.Select(policy => Stage(network, policy)));
        if (inputs.Unordered is { } unordered)
        {
            stages.Add(FirewallStage.Unreadable("order", unordered));
        }

        var ofNetwork = inputs.OfNetwork.Select(policy => Stage(network, policy)).ToList();
        if (inputs.WhyPoliciesUnread is { } unread)
        {
            ofNetwork.Add(FirewallStage.Unreadable("network policies", unread));
        }

        var rulesAt = stages.Count + (inputs.NetworkPoliciesFirst ? ofNetwork.Count : 0);
        stages.AddRange(inputs.NetworkPoliciesFirst ? ofNetwork.Append(Rules(inputs)) : ofNetwork.Prepend(Rules(inputs)));
        return new EffectiveFirewall(network, [.. stages], rulesAt, inputs.Assumptions);
    }

    // The rules that differ, old and new; null when they are many, or one is Google's own.
    private static List<(Firewall? Before, Firewall? After)>? Exchanged(IReadOnlyList<Firewall> before, IReadOnlyList<Firewall> after)
    {
        var exchanged = new List<(Firewall? Before, Firewall? After)>();
        for (int i = 0, j = 0; (i < before.Count || j < after.Count) && exchanged.Count <= FewRules;)
        {
            var order = i == before.Count ? 1 : j == after.Count ? -1 : before[i].Name.CompareTo(after[j].Name);
            if (order != 0 || !ReferenceEquals(before[i], after[j]))
            {
                exchanged.Add((order <= 0 ? before[i] : null, order >= 0 ? after[j] : null));
            }

            i += order <= 0 ? 1 : 0;
            j += order >= 0 ? 1 : 0;
        }

        return exchanged.Count > FewRules || exchanged.Exists(pair => (pair.Before is { } old && ManagedRules.IsManaged(old)) || (pair.After is { } fresh && ManagedRules.IsManaged(fresh))) ? null : exchanged;
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

    private static FirewallStage Stage(ResourceName network, PolicyStage stage) => FirewallStage.Of(
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

    private ValueList<PolicyStage> NetworkPolicies(Listing<FirewallPolicy> policies)
    {
        var ofNetwork = policies.Items.Where(policy => IsForVpc(policy) && policy.Associations.Any(association => association.Network == network)).ToList();
        var global = ofNetwork.Where(policy => policy.Level == FirewallPolicyLevel.GlobalNetwork)
            .OrderBy(policy => policy.Associations.First(association => association.Network == network).Order).ThenBy(policy => policy.Name).Select(policy => new PolicyStage(policy, null));
        var regional = ofNetwork.Where(policy => policy.Level == FirewallPolicyLevel.RegionalNetwork && (region is null || policy.Name.Location == region));
        return global.Concat(regional.Select(policy => new PolicyStage(policy, region is null ? $"firewall policy {policy.Title} applies in {policy.Name.Location} only, and the machine's region is not given" : null))).ToValueList();
    }

    private static FirewallStage Rules(FirewallInputs inputs) => inputs.WhyRulesUnread is { } unread ? FirewallStage.Unreadable("VPC firewall rules", unread) : FirewallStage.Of(
        "VPC firewall rules",
        inputs.Rules.SelectMany(rule => FirewallLines.Of(rule, TrafficDirection.Ingress)).Concat(inputs.Connectors.SelectMany(item => ManagedRules.Assumed(item.Connector, item.Range)))
            .Concat(inputs.WhyConnectorsUnread is { } incomplete ? [ManagedRules.Unlisted(incomplete)] : []),
        inputs.Rules.SelectMany(rule => FirewallLines.Of(rule, TrafficDirection.Egress)));

    private static bool IsForVpc(FirewallPolicy policy) => policy.PolicyType is null or "VPC_POLICY";

    private static bool IsOn(FirewallPolicy policy, string node) => policy.Associations.Any(association => association.Target == node);
}
