using Auditor.Model;
using Auditor.Network;

namespace Auditor.Tests.Rules.Firewalls;

/// <summary>Networks with firewalls that rule tests start from.</summary>
internal static class FirewallScene
{
    public static readonly VpcNetwork TheNetwork = new(Scene.NetworkName);

    /// <summary>The scene's connector in a service project, on a subnetwork of the host p1.</summary>
    public static readonly Connector Guest = Scene.OnSubnetwork with { Name = ResourceName.Of(ResourceKind.Connector, "svc", "europe-west1", "conn") };

    public static readonly Instance Vm = new(ResourceName.Parse("//compute.googleapis.com/projects/p1/zones/europe-west1-b/instances/db"))
    {
        Tags = ["db"],
        NetworkInterfaces = [new NetworkInterface("nic0") { Network = Scene.NetworkName, Address = IpRange.Parse("10.20.0.5") }],
    };

    /// <summary>The scene's service, configured to call the VM's database.</summary>
    public static readonly RunService Caller = Scene.TheService with { Endpoints = [new Endpoint("10.20.0.5", 5432)] };

    public static Firewall Allow(string id, string sources, string protocol, params string[] ports) => Rule(id, FirewallAction.Allow, protocol, ports) with { SourceRanges = Ranges(sources) };

    public static Firewall Deny(string id, string sources, int priority) => Rule(id, FirewallAction.Deny, "all") with { SourceRanges = Ranges(sources), Priority = priority };

    /// <summary>An egress deny of everything.</summary>
    public static Firewall DenyOut(string id, int priority) => Rule(id, FirewallAction.Deny, "all") with { Direction = TrafficDirection.Egress, Priority = priority };

    public static Firewall Rule(string id, FirewallAction action, string protocol, params string[] ports) => new(ResourceName.Of(ResourceKind.Firewall, "p1", id))
    {
        Network = Scene.NetworkName,
        Action = action,
        Layer4 = [new Layer4(protocol, ports.Select(port => PortInterval.TryParse(port)!.Value).ToValueList())],
    };

    /// <summary>A rule that Google manages for the scene's connector.</summary>
    public static Firewall Managed(string suffix) => Allow($"aet-europewest1-conn-{suffix}", suffix == "tagfw" ? "" : "10.8.0.0/28", "tcp") with { SourceTags = suffix == "tagfw" ? ["vpc-connector-europe-west1-conn"] : [] };

    public static readonly Gap NoRules = new(new GapScope(ResourceKind.Firewall, "p1"), "permission compute.firewalls.list is missing");

    private static ValueList<IpRange> Ranges(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(IpRange.Parse).ToValueList();
}
