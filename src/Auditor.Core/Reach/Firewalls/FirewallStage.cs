using Auditor.Model;

namespace Auditor.Reach.Firewalls;

/// <summary>One stop on a packet's way through the firewall: a policy, or the network's VPC rules. Immutable.</summary>
/// <param name="Name">What people call it.</param>
internal sealed record FirewallStage(string Name, StageIndex Ingress, StageIndex Egress)
{
    public static FirewallStage Of(string name, IEnumerable<FirewallLine> ingress, IEnumerable<FirewallLine> egress) =>
        new(name, StageIndex.Empty.With([], [.. ingress]), StageIndex.Empty.With([], [.. egress]));

    /// <summary>A stage that could not be read: whatever comes to it stays open.</summary>
    public static FirewallStage Unreadable(string name, string reason) => Of(name, [FirewallLines.Unreadable(reason)], [FirewallLines.Unreadable(reason)]);

    public StageIndex For(TrafficDirection direction) => direction == TrafficDirection.Egress ? Egress : Ingress;

    /// <summary>The stage with a VPC rule exchanged; null stands for no rule.</summary>
    public FirewallStage With(Firewall? before, Firewall? after) => this with
    {
        Ingress = Ingress.With(Lines(before, TrafficDirection.Ingress), Lines(after, TrafficDirection.Ingress)),
        Egress = Egress.With(Lines(before, TrafficDirection.Egress), Lines(after, TrafficDirection.Egress)),
    };

    private static List<FirewallLine> Lines(Firewall? rule, TrafficDirection direction) => rule is null ? [] : [.. FirewallLines.Of(rule, direction)];
}
