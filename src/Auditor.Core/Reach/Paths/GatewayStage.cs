using Auditor.Network;

namespace Auditor.Reach.Paths;

/// <summary>Out of the VPC at the default internet gateway: Google APIs by Private Google Access, and everything external by Cloud NAT.</summary>
internal static class GatewayStage
{
    // Cloud NAT translates these. Source: the page on Cloud NAT's supported resources and protocols.
    private static readonly IntervalSet<uint> s_translated = IntervalSet.Of(((byte[])[IpProtocol.Tcp, IpProtocol.Udp, IpProtocol.Icmp]).SelectMany(protocol => Traffic.OfProtocol(protocol).Intervals));

    public static void Pass(PathPart part, PathDecider route, PathWalk walk, PathTarget target, List<PathPart> into)
    {
        var split = new PathSplitter(part, into);
        if (RouteStage.Unpeered(walk, target) is { } lost)
        {
            split.All(all => all.Ends(lost));
            return;
        }

        split.Destinations(RoutedRanges.GoogleApiVips, vips => vips.Ends(PrivateAccess(walk)))
            .Destinations(target.Kind == PathTargetKind.Resource ? AddressSet.All : AddressSet.External.Complement(), inside => inside.Ends(PathEnd.Blocked(PathStage.Internet, PathReason.PrivateTrafficToInternet, route)));
        if (split.Rest.Count == 0)
        {
            return;
        }

        if (target.Kind == PathTargetKind.GoogleApis)
        {
            GoogleApis(split, walk);
        }
        else
        {
            Internet(split, walk);
        }
    }

    private static void Internet(PathSplitter split, PathWalk walk)
    {
        if (walk.Nat is var coverage && coverage.Nat is not { } nat)
        {
            split.All(all => all.Ends(coverage.Missing is { } missing ? PathEnd.Unknown(PathStage.Internet, PathReason.NetworkConfigNotFound, missing)
                : PathEnd.Blocked(PathStage.Internet, PathReason.NoExternalAddress, PathDecider.Of(walk.Source.Network))));
            return;
        }

        if (coverage.HasNoAddress)
        {
            split.All(all => all.Ends(PathEnd.Blocked(PathStage.Internet, PathReason.NatNoAddresses, nat)));
            return;
        }

        split.Traffic(s_translated, translated => translated.Ends(PathEnd.Reachable(PathStage.Internet, nat), "translated by Cloud NAT"))
            .All(others => others.Ends(PathEnd.Blocked(PathStage.Internet, PathReason.NatProtocolUnsupported, nat)));
    }

    private static void GoogleApis(PathSplitter split, PathWalk walk)
    {
        if (walk.Attachment!.PrivateGoogleAccess != true && walk.Nat is { HasNoAddress: false } coverage)
        {
            if (coverage.Missing is { } missing)
            {
                split.All(all => all.Ends(PathEnd.Unknown(PathStage.GoogleApis, PathReason.NetworkConfigNotFound, missing)));
            }
            else if (coverage.Nat is { } nat)
            {
                split.Traffic(s_translated, translated => translated.Ends(PathEnd.Reachable(PathStage.GoogleApis, nat), "translated by Cloud NAT"));
            }
        }

        split.All(all => all.Ends(PrivateAccess(walk)));
    }

    private static PathEnd PrivateAccess(PathWalk walk) => walk.Attachment!.PrivateGoogleAccess switch
    {
        true => PathEnd.Reachable(PathStage.GoogleApis, walk.Attachment.Subnetwork is { } subnetwork ? PathDecider.Of(subnetwork) : walk.Attachment.By),
        false => PathEnd.Blocked(PathStage.GoogleApis, PathReason.PrivateGoogleAccessDisallowed, walk.Attachment.Subnetwork is { } subnetwork ? PathDecider.Of(subnetwork) : walk.Attachment.By!),
        null => PathEnd.Unknown(PathStage.GoogleApis, PathReason.NetworkConfigNotFound, $"whether the hidden subnetwork of {walk.Source.What} has Private Google Access is not shown"),
    };
}
