using System.Globalization;
using Auditor.Model;
using Auditor.Network;

namespace Auditor.Reach.Paths;

/// <summary>
/// The smallest VPC rules that open a path which a firewall blocks, tried on the estate with them: they open it, and nothing but packets from this
/// attachment to this target at this port.
/// </summary>
/// <param name="Rules">What to create; empty where no VPC rule helps.</param>
/// <param name="Helps">Whether the path is open with them.</param>
/// <param name="OpensMore">Flows beyond the path that they would open too; empty when there are none.</param>
/// <param name="MustChange">Where no VPC rule can help: what must change instead; null otherwise.</param>
public sealed record PathRepair(ValueList<Firewall> Rules, bool Helps, ValueList<FlowChange> OpensMore, string? MustChange)
{
    private const int MostRules = 4;

    /// <summary>Looks for the rules; null when the path is not blocked by a firewall, or not at one address.</summary>
    public static PathRepair? Of(Estate estate, PathSource source, ReachTarget target, DateTimeOffset at)
    {
        var view = new EstateView(estate, at);
        var rules = new List<Firewall>();
        var repaired = estate;
        while (true)
        {
            var now = new EstateView(repaired, at);
            var walk = PathWalk.Of(now, source);
            var answer = walk.Find(target);
            var blocked = answer.Of(PathEffect.Blocked).FirstOrDefault(part => part.End!.Reason == PathReason.FirewallRule);
            if (blocked is null)
            {
                return rules.Count == 0 ? null : new PathRepair(rules.ToValueList(), answer.Disposition == PathEffect.Reachable, OpenedBeside(view, now, source, target), null);
            }

            if (target.Address is not { } address || walk.Attachment?.Source is not { } from)
            {
                return null;
            }

            // What denies although a rule was put ahead of it stands before all VPC rules.
            var isOut = blocked.End!.Stage == PathStage.EgressFirewall;
            var network = isOut ? from.Network : NetworkOf(target, now) ?? from.Network;
            var rule = Rule(isOut, network, from, address, target, Ahead(blocked.End.DecidedBy!, now));
            if (rules.Exists(other => other.Name == rule.Name) || rules.Count == MostRules)
            {
                return new PathRepair([], false, [], $"no VPC rule can open it: {blocked.End.DecidedBy} must change");
            }

            rules.Add(rule);
            repaired = repaired.With([new EstateEntry(rule.Name, rule)]);
        }
    }

    /// <summary>The command that creates a rule.</summary>
    public static string Gcloud(Firewall rule)
    {
        var parts = new List<string>
        {
            $"gcloud compute firewall-rules create {rule.Name.Id} --project={rule.Name.Project} --network={rule.Network!.Value.Id} --direction={(rule.Direction == TrafficDirection.Egress ? "EGRESS" : "INGRESS")}",
            string.Create(CultureInfo.InvariantCulture, $"--priority={rule.Priority} --action=ALLOW --rules={Traffic(rule)}"),
            $"--source-ranges={string.Join(',', rule.SourceRanges)}",
            $"--destination-ranges={string.Join(',', rule.DestinationRanges)}",
        };
        return string.Join(' ', parts);
    }

    /// <summary>The same for Terraform.</summary>
    public static string Terraform(Firewall rule)
    {
        var ports = rule.Layer4[0].Ports.IsEmpty ? "" : $"\n    ports    = [{string.Join(", ", rule.Layer4[0].Ports.Select(port => $"\"{port}\""))}]";
        return string.Create(CultureInfo.InvariantCulture, $$"""
            resource "google_compute_firewall" "{{rule.Name.Id.Replace('-', '_')}}" {
              project            = "{{rule.Name.Project}}"
              name               = "{{rule.Name.Id}}"
              network            = "{{rule.Network!.Value.Id}}"
              direction          = "{{(rule.Direction == TrafficDirection.Egress ? "EGRESS" : "INGRESS")}}"
              priority           = {{rule.Priority}}
              source_ranges      = [{{string.Join(", ", rule.SourceRanges.Select(range => $"\"{range}\""))}}]
              destination_ranges = [{{string.Join(", ", rule.DestinationRanges.Select(range => $"\"{range}\""))}}]
              allow {
                protocol = "{{rule.Layer4[0].Protocol}}"{{ports}}
              }
            }
            """);
    }

    private static string Traffic(Firewall rule) => rule.Layer4[0].Ports.IsEmpty ? rule.Layer4[0].Protocol : $"{rule.Layer4[0].Protocol}:{rule.Layer4[0].Ports[0]}";

    private static Firewall Rule(bool isOut, ResourceName network, Auditor.Reach.Flows.FlowSource from, IpRange address, ReachTarget target, int priority) =>
        new(ResourceName.Of(ResourceKind.Firewall, network.Project!, $"allow-{from.What.Split(' ')[^1]}-to-{target.ShortName.Replace('.', '-')}-{(isOut ? "out" : "in")}"))
        {
            Network = network,
            Direction = isOut ? TrafficDirection.Egress : TrafficDirection.Ingress,
            Priority = priority,
            Action = FirewallAction.Allow,
            Layer4 = [new Layer4(target.Protocol is { } protocol ? IpProtocol.NameOf(protocol) : "all", target.Port is { } port && target.Protocol is { } of && IpProtocol.HasPorts(of) ? [new PortInterval(port, port)] : [])],
            SourceRanges = [from.Addresses.EnclosingV4],
            DestinationRanges = [address],
        };

    // One number ahead of what denies; Google's default where nothing in particular does.
    private static int Ahead(PathDecider decider, EstateView view) =>
        decider.Resource is { Kind: ResourceKind.Firewall } name && view.Find<Firewall>(name) is Lookup<Firewall>.Found { Resource: var rule } ? Math.Max(0, rule.Priority - 1) : Firewall.DefaultPriority - 1;

    private static ResourceName? NetworkOf(ReachTarget target, EstateView view) => target.Resource is { } name ? view.Find<Resource>(name) switch
    {
        Lookup<Resource>.Found { Resource: Instance machine } => machine.NetworkInterfaces.Where(nic => nic.Address == target.Address).Select(nic => nic.Network).FirstOrDefault(),
        Lookup<Resource>.Found { Resource: ForwardingRule rule } => rule.Network,
        _ => null,
    } : null;

    // Packets of the same attachment to the same address and port are what is wanted.
    private static ValueList<FlowChange> OpenedBeside(EstateView before, EstateView after, PathSource source, ReachTarget target) => ReachDelta.Between(before, after).Where(change => change.Kind == FlowChangeKind.Opened
        && !(change.Source.Workload.VpcAccess == source.Workload.VpcAccess || SameWay(change.Source.Workload.VpcAccess, source.Workload.VpcAccess))
        || (change.Kind == FlowChangeKind.Opened && (change.Target.Address != target.Address || change.Packets.Any(pair => !target.Traffic.Contains(pair.Packets.Traffic))))).ToValueList();

    private static bool SameWay(VpcAccess? left, VpcAccess? right) => left is not null && right is not null && left with { Egress = right.Egress } == right;
}
