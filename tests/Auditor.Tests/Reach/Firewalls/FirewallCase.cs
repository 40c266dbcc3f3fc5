using System.Text.Json;
using Auditor.Model;
using Auditor.Network;
using Auditor.Reach.Firewalls;

namespace Auditor.Tests.Reach.Firewalls;

/// <summary>One network, written down as its rules; asked one packet at a time, as a test reads best.</summary>
internal sealed class FirewallCase
{
    public const string Network = "https://www.googleapis.com/compute/v1/projects/shop/global/networks/main";

    private readonly List<string> _documents = [];
    private string _order = "AFTER_CLASSIC_FIREWALL";

    /// <summary>A VPC rule: its name and what else it says.</summary>
    public FirewallCase Rule(string name, string fields)
    {
        _documents.Add($$"""{"name":"{{name}}","network":"{{Network}}",{{fields}}}""");
        return this;
    }

    /// <summary>A policy on the network itself.</summary>
    public FirewallCase NetworkPolicy(string name, string rules)
    {
        _documents.Add($$"""{"name":"{{name}}","selfLink":"https://www.googleapis.com/compute/v1/projects/shop/global/firewallPolicies/{{name}}","associations":[{"name":"a","attachmentTarget":"{{Network}}"}],"rules":[{{rules}}]}""");
        return this;
    }

    /// <summary>A policy of the organisation.</summary>
    public FirewallCase Hierarchical(string id, string rules)
    {
        _documents.Add($$"""{"name":"{{id}}","shortName":"org-{{id}}","selfLink":"https://www.googleapis.com/compute/v1/locations/global/firewallPolicies/{{id}}","parent":"organizations/9","associations":[{"name":"a","attachmentTarget":"organizations/9"}],"rules":[{{rules}}]}""");
        return this;
    }

    /// <summary>Any other resource.</summary>
    public FirewallCase With(string document)
    {
        _documents.Add(document);
        return this;
    }

    public FirewallCase BeforeClassic()
    {
        _order = "BEFORE_CLASSIC_FIREWALL";
        return this;
    }

    public EffectiveFirewall Build(string? region = "europe-west1")
    {
        var builder = new EstateBuilder();
        foreach (var document in _documents.Prepend($$"""{"name":"main","selfLink":"{{Network}}","networkFirewallPolicyEnforcementOrder":"{{_order}}"}""").Prepend("""{"name":"projects/111","projectId":"shop","parent":"organizations/9"}"""))
        {
            builder.Add(JsonElement.Parse(document), "case.json");
        }

        var build = builder.Build(complete: true);
        Assert.Empty(build.Problems);
        return EffectiveFirewall.Of(new EstateView(build.Estate, DateTimeOffset.UnixEpoch), ResourceName.Of(ResourceKind.Network, "shop", "main"), region);
    }

    /// <summary>What arrives from a range at a machine with tags.</summary>
    public FirewallAnswer Ingress(string from, string protocol, ushort port, params string[] tags) => Ask(TrafficDirection.Ingress, FirewallEnd.At(from), protocol, port, tags);

    /// <summary>What leaves a machine with tags for a range.</summary>
    public FirewallAnswer Egress(string to, string protocol, ushort port, params string[] tags) => Ask(TrafficDirection.Egress, FirewallEnd.At(to), protocol, port, tags);

    public FirewallAnswer Ask(TrafficDirection direction, FirewallEnd peer, string protocol, ushort port, params string[] tags) =>
        Build().Answer(direction, new FirewallEnd(null, tags.ToValueList()), peer, Traffic.OfPorts(IpProtocol.TryParse(protocol)!.Value, IntervalSet.Of(port, port)));
}
