namespace Auditor.Model;

/// <summary>
/// A firewall policy: hierarchical (of an organisation or folder), global network or regional network; the name's shape says which. The three
/// share their rules. Source: REST Resources firewallPolicies, networkFirewallPolicies and regionNetworkFirewallPolicies, compute v1.
/// </summary>
public sealed record FirewallPolicy(ResourceName Name) : Resource(Name)
{
    /// <summary>Hierarchical: the name people gave it; the resource's name is a number then.</summary>
    public string? ShortName { get; init; }

    public string? DisplayName { get; init; }

    /// <summary>"organizations/N" or "folders/N"; null for network policies, and where the policy itself may not be read.</summary>
    public string? Parent { get; init; }

    /// <summary>VPC_POLICY, RDMA_ROCE_POLICY, ...; null means VPC_POLICY.</summary>
    public string? PolicyType { get; init; }

    /// <summary>Where it applies: organisations and folders, or networks. A hierarchical policy known from a network's effective firewalls has that network here too.</summary>
    public ValueList<PolicyAssociation> Associations { get; init; }

    /// <summary>Sorted by priority, the order in which they are read.</summary>
    public ValueList<FirewallPolicyRule> Rules { get; init; }

    public FirewallPolicyLevel Level => Name.Project is null ? FirewallPolicyLevel.Hierarchical
        : Name.Location == "global" ? FirewallPolicyLevel.GlobalNetwork
        : FirewallPolicyLevel.RegionalNetwork;

    /// <summary>The name people know it by.</summary>
    public string Title => ShortName is { Length: > 0 } text ? text : DisplayName is { Length: > 0 } display ? display : Name.Id;

    public override IEnumerable<ResourceName> References => Associations.Select(association => association.Network).OfType<ResourceName>()
        .Concat(Rules.SelectMany(rule => rule.TargetResources.Concat(rule.SourceNetworks).Concat(rule.DestinationNetworks)));

    internal static FirewallPolicy Parse(FieldReader fields) => new(fields.Context.Name)
    {
        ShortName = fields.Text("shortName"),
        DisplayName = fields.Text("displayName"),
        Parent = fields.Text("parent"),
        PolicyType = fields.Text("policyType"),
        Associations = fields.Children("associations").Select(PolicyAssociation.Parse).ToValueList(),
        Rules = fields.Children("rules").Select(FirewallPolicyRule.Parse).OrderBy(rule => rule.Priority).ToValueList(),
    };
}

/// <summary>Where a policy stands in the order of evaluation.</summary>
public enum FirewallPolicyLevel
{
    /// <summary>Of an organisation or folder; read before everything else, from the organisation downwards.</summary>
    Hierarchical,
    GlobalNetwork,
    RegionalNetwork,
}

/// <summary>One place where a policy applies.</summary>
/// <param name="Target">"organizations/N", "folders/N", or a network as Google writes it.</param>
/// <param name="Network">The target when it is a network.</param>
/// <param name="Order">Where the policy stands among those of its level in the network's effective firewalls, lowest first; null when not known.</param>
public sealed record PolicyAssociation(string Name, string Target, ResourceName? Network, int? Order)
{
    internal static PolicyAssociation Parse(FieldReader fields)
    {
        var target = fields.Text("attachmentTarget") ?? "";
        var network = target.Contains("/networks/", StringComparison.Ordinal) ? fields.Context.Resolve(target, ResourceKind.Network) : null;
        return new PolicyAssociation(fields.Text("name") ?? "", network?.Value ?? target, network, fields.Number("order"));
    }
}
