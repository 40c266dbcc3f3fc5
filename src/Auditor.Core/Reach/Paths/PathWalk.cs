using Auditor.Model;
using Auditor.Network;
using Auditor.Reach.Firewalls;
using Auditor.Reach.Flows;

namespace Auditor.Reach.Paths;

/// <summary>
/// The whole path of packets from one attachment: egress setting, attachment, egress firewall, route, and what is there where they arrive. One walk
/// serves many targets; not thread-safe.
/// </summary>
public sealed class PathWalk
{
    // A name that no zone lists by itself.
    private const string AnyGoogleApi = "any-other-name.googleapis.com.";

    private readonly Dictionary<(ResourceName Network, string? Region), EffectiveFirewall> _firewalls = [];
    private readonly Dictionary<ResourceName, AddressBook> _books = [];
    private List<FirewallSlice>? _leaving;
    private RoutingTable? _table;
    private NatCoverage? _nat;

    private PathWalk(EstateView view, Attachment? attachment) => (View, Attachment) = (view, attachment);

    /// <summary>Null for a workload that is attached to no network.</summary>
    public Attachment? Attachment { get; }

    internal EstateView View { get; }

    /// <summary>Whether it is not told which firewall rule decides.</summary>
    internal bool EffectsOnly { get; private init; }

    internal FlowSource Source => Attachment?.Source ?? throw new InvalidOperationException("No packet gets into a network.");

    /// <summary>The machines whose firewall was asked on the way in, since whoever wants to know cleared the list.</summary>
    internal List<FirewallGate> Gates { get; } = [];

    /// <summary>The firewall on the way out, one slice for addresses that no rule tells apart.</summary>
    internal List<FirewallSlice> Leaving => _leaving ??= [.. FirewallOf(Source.Network, Source.Region).Slices(TrafficDirection.Egress, Source.End)];

    /// <summary>Where the source's network sends packets.</summary>
    internal RoutingTable Table => _table ??= RoutingTable.Of(View, Source.Network, Source.Region);

    /// <summary>The NAT that translates packets of the source.</summary>
    internal NatCoverage Nat => _nat ??= NatCoverage.Of(View, Attachment!);

    internal EffectiveFirewall FirewallOf(ResourceName network, string? region) =>
        _firewalls.TryGetValue((network, region), out var known) ? known : _firewalls[(network, region)] = EffectiveFirewall.Of(View, network, region);

    internal AddressBook BookOf(ResourceName network) => _books.TryGetValue(network, out var known) ? known : _books[network] = AddressBook.Of(View, network);

    /// <summary>The paths of a source, and of all that leave like it.</summary>
    /// <param name="effectsOnly">Whether it is enough to know what becomes of packets: which firewall rule decides is then not told.</param>
    public static PathWalk Of(EstateView view, PathSource source, bool effectsOnly = false) =>
        new(view, source.Workload.VpcAccess is { } access ? Attachment.Of(view, access, source.Region, source.Missing) : null) { EffectsOnly = effectsOnly };

    /// <summary>The paths of a machine in the same network, which sends everything into it.</summary>
    internal PathWalk From(FlowSource machine, bool? privateGoogleAccess) =>
        new(View, new Attachment(new VpcAccess { Egress = VpcEgress.AllTraffic }, machine, null, null, machine.Subnetwork, machine.Network, privateGoogleAccess));

    /// <summary>What becomes of everything for a target, and what decides.</summary>
    public PathAnswer Find(ReachTarget target) => target.HostName is { } name ? Named(name, target.Traffic)
        : target.Path is { } path ? Find(path, target.Traffic)
        : new PathAnswer([PathPart.Nowhere(target, Attachment?.Source?.Addresses)]);

    /// <summary>What becomes of every such packet, and what decides.</summary>
    public PathAnswer Find(PathTarget target, IntervalSet<uint> traffic)
    {
        var start = new PathPart(Attachment?.Source?.Addresses, target.Addresses, traffic, PathTrail.Start);
        return target.Kind switch
        {
            PathTargetKind.Pods => Pods(start, target.Resource!.Value),
            PathTargetKind.GoogleApis => GoogleApis(start, target),
            _ => Find(start, target),
        };
    }

    private PathAnswer Named(string name, IntervalSet<uint> traffic)
    {
        var start = new PathPart(Attachment?.Source?.Addresses, AddressSet.All, traffic, PathTrail.Start);
        switch (Attachment?.Network is { } network ? NameResolution.Of(View, network, name) : new ResolvedName.Public(NameResolution.Full(name)))
        {
            case ResolvedName.Addresses { Set: var addresses, By: var by }:
                return Find(start.On(PathStage.Name, $"{name} is {PathWords.Sources(addresses)}", by) with { Destinations = addresses }, new PathTarget(PathTargetKind.Address, addresses));
            case ResolvedName.Nothing { By: var by }:
                return new PathAnswer([start.Ends(PathEnd.Blocked(PathStage.Name, PathReason.NameNotFound, by), "no such name, or no address under it")]);
            case ResolvedName.Unknown { Because: var because }:
                return new PathAnswer([start.Ends(PathEnd.Unknown(PathStage.Name, PathReason.NameNotResolved, because))]);
            case ResolvedName.Public { Name: var left } when left.EndsWith(".googleapis.com.", StringComparison.Ordinal):
                return Find(start.On(PathStage.Name, "a public name of Google APIs") with { Destinations = PathTarget.GoogleApis.Addresses }, PathTarget.GoogleApis);
            default:
                return new PathAnswer([start.Ends(PathEnd.Unknown(
                    PathStage.Name, PathReason.NameNotResolved, $"{name} is no name of a private zone that {(Attachment is null ? "the workload" : $"network {Attachment.Network?.Id ?? "of the workload"}")} sees, and the internet's DNS is not asked"))]);
        }
    }

    // A private zone may map the default names to addresses for private access or to an endpoint.
    private PathAnswer GoogleApis(PathPart start, PathTarget target)
    {
        if (Attachment?.Network is not { } network)
        {
            return Find(start, target);
        }

        switch (NameResolution.Of(View, network, AnyGoogleApi))
        {
            case ResolvedName.Addresses { Set: var addresses, By: var by }:
                return Find(start.On(PathStage.Name, $"*.googleapis.com is {PathWords.Sources(addresses)}", by) with { Destinations = addresses }, new PathTarget(PathTargetKind.Address, addresses));
            case ResolvedName.Nothing { By: var by }:
                return new PathAnswer([start.Ends(PathEnd.Unknown(PathStage.Name, PathReason.NameNotResolved, $"{by} answers for some names of googleapis.com alone: ask for one of them"))]);
            case ResolvedName.Unknown { Because: var because }:
                return new PathAnswer([start.Ends(PathEnd.Unknown(PathStage.Name, PathReason.NameNotResolved, because))]);
            default:
                return Find(start, target);
        }
    }

    // The addresses that nodes hold.
    private PathAnswer Pods(PathPart start, ResourceName cluster)
    {
        var held = View.Find<GkeCluster>(cluster) is Lookup<GkeCluster>.Found { Resource.Network: { } network } ? BookOf(network).PodsOf(cluster) : AddressSet.None;
        return held.IsEmpty ? new PathAnswer([start.Ends(PathEnd.Unknown(PathStage.Target, PathReason.NetworkConfigNotFound, $"which addresses nodes of {PathDecider.Of(cluster)} hold for pods is not known"))])
            : Find(start with { Destinations = held }, new PathTarget(PathTargetKind.Address, held));
    }

    private PathAnswer Find(PathPart start, PathTarget target)
    {
        List<PathPart> parts = [start];
        parts = Through(parts, (part, into) => EgressStage.Pass(part, this, target, into));
        parts = Through(parts, (part, into) => AttachmentStage.Pass(part, this, into));
        parts = Through(parts, (part, into) => EgressFirewallStage.Pass(part, this, into));
        parts = Through(parts, (part, into) => RouteStage.Pass(part, this, target, into));
        parts = Through(parts, (part, into) => Arrive(part, target, into));
        return new PathAnswer(parts.ToValueList());
    }

    // Where the route leads.
    private void Arrive(PathPart part, PathTarget target, List<PathPart> into)
    {
        switch (part.Via)
        {
            case RouteChoice.Shared { Choices: var choices }:
                into.AddRange(Alternatives.Join([.. choices.Select(choice =>
                {
                    var way = new List<PathPart>();
                    Arrive(part with { Via = choice }, target, way);
                    return way;
                })]));
                break;
            case RouteChoice.Gateway { By: var route }:
                GatewayStage.Pass(part.On(PathStage.Route, "to the default internet gateway", route), route, this, target, into);
                break;
            case RouteChoice.Local { Network: var network } local:
                var arrived = new List<PathPart>();
                TargetStage.Pass(part.On(PathStage.Route, local.Words, local.By), network, this, target, arrived);
                into.AddRange(local.AnswersPublic ? arrived : arrived.SelectMany(end => NoWayBack(end, network)));
                break;
            case RouteChoice.None { By: var nobody }:
                into.Add(part.Ends(RouteStage.Unpeered(this, target) ?? PathEnd.Blocked(PathStage.Route, PathReason.NoRoute, nobody)));
                break;
            case RouteChoice.Ended { End: var end }:
                into.Add(part.Ends(end));
                break;
            default:
                throw new InvalidOperationException($"No such route: {part.Via}.");
        }
    }

    // What gets there cannot answer addresses that its network does not know.
    private static List<PathPart> NoWayBack(PathPart part, ResourceName network)
    {
        var parts = new List<PathPart>();
        var split = new PathSplitter(part, parts);
        if (part.End!.Effect is PathEffect.Reachable or PathEffect.Partial)
        {
            split.Sources(AddressSet.Private.Complement(), lost => lost.Ends(PathEnd.Blocked(PathStage.Target, PathReason.NoRoute, PathDecider.Of(network)), "no route back"));
        }

        split.All(rest => rest);
        return parts;
    }

    private static List<PathPart> Through(List<PathPart> parts, Action<PathPart, List<PathPart>> stage)
    {
        var next = new List<PathPart>(parts.Count);
        foreach (var part in parts)
        {
            if (part.End is null)
            {
                stage(part, next);
            }
            else
            {
                next.Add(part);
            }
        }

        return next;
    }
}
