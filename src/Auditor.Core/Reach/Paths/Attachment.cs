using Auditor.Model;
using Auditor.Network;
using Auditor.Reach.Firewalls;
using Auditor.Reach.Flows;

namespace Auditor.Reach.Paths;

/// <summary>
/// How workloads enter a network, worked out once for all that do alike: where their packets come from, or why none comes. Depends on connector or
/// subnetwork, and on the firewall that a connector's own traffic with Google must pass.
/// </summary>
/// <param name="Access">Connector or Direct VPC interface, and which traffic takes it.</param>
/// <param name="Source">Where packets enter; null exactly when all end here.</param>
/// <param name="Ends">How all packets end here; null when they go on.</param>
/// <param name="By">The connector or the subnetwork.</param>
/// <param name="Subnetwork">Null for the hidden one of a connector with a range of its own, unless a list shows it.</param>
/// <param name="Network">Whose DNS the workload asks, also where Google does not get through to its connector; null where it enters none, or none that is known.</param>
/// <param name="PrivateGoogleAccess">Whether the subnetwork reaches Google APIs; null where it is the hidden one of a connector.</param>
public sealed record Attachment(VpcAccess Access, FlowSource? Source, PathEnd? Ends, PathDecider? By, ResourceName? Subnetwork, ResourceName? Network, bool? PrivateGoogleAccess)
{
    /// <summary>The ports on which serverless infrastructure and connectors find each other. Source: the page on Serverless VPC Access in Shared VPC.</summary>
    private static readonly IntervalSet<uint> s_infrastructure = Traffic.OfPorts(IpProtocol.Tcp, IntervalSet.Of<ushort>(667, 667));

    private static readonly FirewallEnd s_serverless = FirewallEnd.At("35.199.224.0/19");
    private static readonly FirewallEnd s_healthProbes = new(RoutedRanges.Of("35.191.0.0/16", "35.191.192.0/18", "130.211.0.0/22"));

    /// <summary>The attachment of a workload.</summary>
    /// <param name="region">Where the workload runs; null when that is not known.</param>
    /// <param name="whyNoRegion">Why it is not.</param>
    public static Attachment Of(EstateView view, VpcAccess access, string? region, string? whyNoRegion) =>
        view.Derive((access, region ?? ""), inner => Collect(inner, access, region, whyNoRegion), static (inner, before, lapse) => before.Update(inner, lapse));

    // Of firewall rules only those matter that are about what the connector exchanges with Google's infrastructure.
    private Attachment? Update(EstateView view, Lapse lapse)
    {
        if (Source is not { } source || view.Lapsed.Any(reference => reference.Kind != ResourceKind.Firewall))
        {
            return null;
        }

        var rules = lapse.Changes.Values.SelectMany(change => new[] { change.Before, change.Now }).OfType<Firewall>().Where(rule => rule.Network == source.Network).ToList();
        if (rules.Exists(rule => ManagedRules.IsManaged(rule) || ((TrafficDirection[])[TrafficDirection.Ingress, TrafficDirection.Egress]).SelectMany(direction => FirewallLines.Of(rule, direction)).Any(IsAboutInfrastructure)))
        {
            return null;
        }

        EffectiveFirewall.Of(view, source.Network, source.Region);
        return this;

        bool IsAboutInfrastructure(FirewallLine line) => line.AppliesTo(source.End) && line.Traffic.Overlaps(s_infrastructure)
            && (line.Peers.Overlaps(s_serverless.Addresses!.Value) || line.Peers.Overlaps(s_healthProbes.Addresses!.Value));
    }

    private static Attachment Collect(EstateView view, VpcAccess access, string? region, string? whyNoRegion)
    {
        if (access.Connector is { } name)
        {
            return OfConnector(view, access, name, region, whyNoRegion);
        }

        var (source, missing, isGone) = FlowSource.Of(access, region, view);
        var subnetwork = FlowSource.SubnetworkOf(access, region);
        var by = subnetwork is { } on ? PathDecider.Of(on) : access.Network is { } network ? PathDecider.Of(network) : new PathDecider("", "the Direct VPC interface");
        var ends = source is null ? isGone ? PathEnd.Blocked(PathStage.Attachment, PathReason.SubnetworkNotFound, by) : PathEnd.Unknown(PathStage.Attachment, PathReason.NetworkConfigNotFound, missing!)
            : region is null ? PathEnd.Unknown(PathStage.Attachment, PathReason.NetworkConfigNotFound, whyNoRegion ?? "the workload's region is not known")
            : source.Region != region ? PathEnd.Blocked(PathStage.Attachment, PathReason.SubnetworkWrongRegion, by)
            : null;

        // Google runs no workload with such an interface: no network is its own.
        return Make(view, access, ends is null ? source : null, ends, by);
    }

    private static Attachment OfConnector(EstateView view, VpcAccess access, ResourceName name, string? region, string? whyNoRegion)
    {
        var by = PathDecider.Of(name);
        switch (view.Find<Connector>(name))
        {
            case Lookup<Connector>.Unread { Reason: var reason }:
                return Ended(PathEnd.Unknown(PathStage.Attachment, PathReason.NetworkConfigNotFound, $"connector {name.Id} was not read: {reason}"));
            case Lookup<Connector>.Found { Resource: var connector }:
                if (OfState(connector, by) is { } idle)
                {
                    return Ended(idle);
                }

                if (region is null)
                {
                    return Ended(PathEnd.Unknown(PathStage.Attachment, PathReason.NetworkConfigNotFound, whyNoRegion ?? "the workload's region is not known"));
                }

                if (region != name.Location)
                {
                    return Ended(PathEnd.Blocked(PathStage.Attachment, PathReason.ConnectorWrongRegion, by));
                }

                var (source, missing, _) = FlowSource.Of(connector, view);
                var ends = source is null ? connector.Subnetwork is { } gone && view.Find<Subnetwork>(gone) is Lookup<Subnetwork>.Absent ? PathEnd.Blocked(PathStage.Attachment, PathReason.SubnetworkNotFound, PathDecider.Of(gone)) : PathEnd.Unknown(PathStage.Attachment, PathReason.NetworkConfigNotFound, missing!)
                    : OfInfrastructure(view, connector, source);
                return Make(view, access, source, ends, by);
            default:
                return Ended(PathEnd.Blocked(PathStage.Attachment, PathReason.ConnectorNotFound, by));
        }

        Attachment Ended(PathEnd end) => Make(view, access, null, end, by);
    }

    private static PathEnd? OfState(Connector connector, PathDecider by) => connector.State switch
    {
        ConnectorState.Ready or ConnectorState.Updating => null,
        ConnectorState.Unspecified or ConnectorState.Unrecognized => PathEnd.Unknown(PathStage.Attachment, PathReason.ConnectorNotRunning, $"the state of connector {connector.Name.Id} is not known"),
        _ => PathEnd.Blocked(PathStage.Attachment, PathReason.ConnectorNotRunning, by),
    };

    // Cut off as a whole it carries nothing; in part, that is not known.
    private static PathEnd? OfInfrastructure(EstateView view, Connector connector, FlowSource source)
    {
        var firewall = EffectiveFirewall.Of(view, source.Network, source.Region);
        if (ManagedRules.AppliesTo(connector, source.Network) && !firewall.Managed.Any(rule => ManagedRules.IsOf(rule, connector)))
        {
            firewall = ManagedRules.ForInfrastructure(connector, source.Network, s_serverless.Addresses!.Value, s_healthProbes.Addresses!.Value).Aggregate(firewall, (current, rule) => current.With(null, rule));
        }

        return Needs(TrafficDirection.Ingress, s_serverless, PathReason.ConnectorServerlessTrafficBlocked)
            ?? Needs(TrafficDirection.Ingress, s_healthProbes, PathReason.ConnectorHealthCheckTrafficBlocked)
            ?? Needs(TrafficDirection.Egress, s_serverless, PathReason.ConnectorServerlessTrafficBlocked);

        PathEnd? Needs(TrafficDirection direction, FirewallEnd peer, string reason)
        {
            var answer = firewall.Answer(direction, source.End, peer, s_infrastructure);
            return answer.Denied.IsEmpty && answer.Unknown.IsEmpty ? null
                : answer.Allowed.IsEmpty && answer.Unknown.IsEmpty ? PathEnd.Blocked(PathStage.Attachment, reason, PathDecider.Of(answer.Decisions[0].Decision.DecidedBy!))
                : PathEnd.Unknown(PathStage.Attachment, reason, answer.Decisions.SelectMany(pair => pair.Decision.Effect == FirewallEffect.Unknown ? pair.Decision.Because : [])
                    .Append(answer.Denied.IsEmpty ? null : $"a part of what {source.What} exchanges with Google's serverless infrastructure is denied").OfType<string>());
        }
    }

    private static (ResourceName? Name, bool? PrivateGoogleAccess) SubnetworkOf(EstateView view, FlowSource? source)
    {
        if (source is null)
        {
            return (null, null);
        }

        if (source.Subnetwork is { } name)
        {
            return (name, view.Find<Subnetwork>(name) is Lookup<Subnetwork>.Found { Resource: var found } ? found.PrivateIpGoogleAccess : null);
        }

        // Some lists show the hidden subnetwork of a connector.
        var hidden = view.Referrers<Subnetwork>(ResourceKind.Subnetwork, source.Network).Items
            .FirstOrDefault(subnetwork => subnetwork.Name.Id.StartsWith("aet-", StringComparison.Ordinal) && subnetwork.Name.Location == source.Region
                && subnetwork.IpCidrRange is { } range && FlowSource.Usable(range) == source.Addresses);
        return (hidden?.Name, hidden?.PrivateIpGoogleAccess);
    }

    private static Attachment Make(EstateView view, VpcAccess access, FlowSource? source, PathEnd? ends, PathDecider by)
    {
        var (subnetwork, googleAccess) = SubnetworkOf(view, ends is null ? source : null);
        return new Attachment(access, ends is null ? source : null, ends, by, subnetwork, source?.Network, googleAccess);
    }
}
