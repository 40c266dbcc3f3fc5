namespace Auditor.Model;

/// <summary>Answers that win over every zone in its networks. Source: REST Resources responsePolicies and responsePolicyRules, dns v1.</summary>
public sealed record ResponsePolicy(ResourceName Name) : Resource(Name)
{
    public ValueList<ResourceName> Networks { get; init; }

    /// <summary>Its rules; null when they were not read.</summary>
    public ValueList<ResponsePolicyRule>? Rules { get; init; }

    /// <summary>Why <see cref="Rules"/> could not be read; null when they were, or when nobody asked.</summary>
    public string? RulesUnread { get; init; }

    public override IEnumerable<ResourceName> References => Networks;

    internal static ResponsePolicy Parse(FieldReader fields) => new(fields.Context.Name)
    {
        Networks = ManagedZone.NetworksOf(fields),
        Rules = fields.Part(ResourcePart.Rules)?.Select(ResponsePolicyRule.Parse).ToValueList(),
        RulesUnread = fields.Text(ResourcePart.Rules.UnreadField),
    };
}

/// <summary>A rule of a response policy.</summary>
/// <param name="DnsName">The name it is for, with the final dot, in lower case; a wildcard begins with "*.".</param>
/// <param name="Behavior">BYPASS_RESPONSE_POLICY: names are resolved as without the policy; null with <paramref name="Records"/>.</param>
/// <param name="Records">What is answered.</param>
public sealed record ResponsePolicyRule(string? Name, string DnsName, string? Behavior, ValueList<DnsRecord> Records)
{
    internal static ResponsePolicyRule Parse(FieldReader fields) => new(
        fields.Text("ruleName"), (fields.Text("dnsName") ?? "").ToLowerInvariant(), fields.Text("behavior"), (fields.Child("localData")?.Children("localDatas") ?? []).Select(DnsRecord.Parse).ToValueList());
}
