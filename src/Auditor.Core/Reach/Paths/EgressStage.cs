using Auditor.Model;
using Auditor.Network;

namespace Auditor.Reach.Paths;

/// <summary>
/// The egress setting: which packets go into the VPC and which leave directly, by an address of Google's. A workload without attachment sends all of
/// them directly, and reaches no private address.
/// </summary>
internal static class EgressStage
{
    public static void Pass(PathPart part, PathWalk walk, PathTarget target, List<PathPart> into)
    {
        var split = new PathSplitter(part, into);
        if (walk.Attachment is not { } attachment)
        {
            Directly(
                split.Destinations(AddressSet.Private, inside => inside.Ends(PathEnd.Blocked(PathStage.Egress, PathReason.ConnectorNotSet, PathDecider.Sender), "the workload is attached to no network"))
                    .Destinations(RoutedRanges.GoogleApiVips, vips => vips.Ends(PathEnd.Unknown(PathStage.Egress, PathReason.Unsupported, "whether Google API addresses for private access are reached without a VPC is not documented"))),
                target);
            return;
        }

        switch (attachment.Access.Egress)
        {
            case VpcEgress.AllTraffic:
                split.All(all => all.On(PathStage.Egress, "all-traffic: into the VPC", PathDecider.Sender));
                break;
            case VpcEgress.PrivateRangesOnly when ReferenceEquals(target, PathTarget.Internet) || ReferenceEquals(target, PathTarget.GoogleApis):
                Directly(split, target);
                break;
            case VpcEgress.PrivateRangesOnly:
                Directly(
                    split.Destinations(RoutedRanges.Routed, routed => routed.On(PathStage.Egress, "private-ranges-only: into the VPC", PathDecider.Sender))
                        .Destinations(RoutedRanges.Undecided, undecided => undecided.Ends(PathEnd.Unknown(PathStage.Egress, PathReason.Unsupported, "whether private-ranges-only sends this range into the VPC is not documented"))),
                    target);
                break;
            default:
                split.All(all => all.Ends(PathEnd.Unknown(PathStage.Egress, PathReason.Unsupported, "the egress setting is not recognised")));
                break;
        }
    }

    private static void Directly(PathSplitter split, PathTarget target)
    {
        var stage = target.Kind == PathTargetKind.GoogleApis ? PathStage.GoogleApis : PathStage.Internet;
        if (target.Kind != PathTargetKind.Resource)
        {
            split.Destinations(AddressSet.External, external => external.On(PathStage.Egress, "leaves directly, not through a VPC", PathDecider.Sender)
                .Ends(PathEnd.Reachable(stage, null, PathReason.ServerlessExternalConnection), "delivered by Google"));
        }

        split.All(rest => rest.Ends(PathEnd.Blocked(PathStage.Egress, PathReason.PrivateTrafficToInternet, PathDecider.Sender), "leaves directly, not through a VPC"));
    }
}
