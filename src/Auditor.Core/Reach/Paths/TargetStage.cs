using Auditor.Model;
using Auditor.Network;

namespace Auditor.Reach.Paths;

/// <summary>Who has the address in the network where the packets arrive, and whether they take them.</summary>
internal static class TargetStage
{
    /// <param name="network">The network where the packets arrive: the source's own, or a peer of it.</param>
    public static void Pass(PathPart part, ResourceName network, PathWalk walk, PathTarget target, List<PathPart> into)
    {
        var book = walk.BookOf(network);
        var split = new PathSplitter(part, into);
        if (part.Destinations.Lowest is var address && AddressSet.Of(address) == part.Destinations)
        {
            At(part, address, book.Find(address), book, network, walk, target, into);
            return;
        }

        foreach (var (at, occupant) in book.Within(part.Destinations))
        {
            var here = new List<PathPart>();
            split.Destinations(AddressSet.Of(at), taken =>
            {
                here.Add(taken);
                return taken;
            });
            into.RemoveRange(into.Count - here.Count, here.Count);
            here.ForEach(taken => At(taken, at, occupant, book, network, walk, target, into));
        }

        split.All(rest => rest.Ends(Nobody(book, network)));
    }

    private static void At(PathPart part, IpRange address, Occupant? occupant, AddressBook book, ResourceName network, PathWalk walk, PathTarget target, List<PathPart> into)
    {
        switch (occupant)
        {
            case null:
                into.Add(part.Ends(Nobody(book, network)));
                break;
            case Occupant.Machine { Instance: var machine, Cluster: var cluster } when IsMeant(target, machine.Name):
                MachineTarget.Pass(part, address, machine, cluster, network, walk, into);
                break;
            case Occupant.Front { Rules: var rules } when target.Kind != PathTargetKind.Resource || rules.Any(rule => IsMeant(target, rule.Name)) || ManagedEndpoint.Kinds.Contains(target.Resource!.Value.Kind):
                FrontTarget.Pass(part, target.Resource is { } one && rules.FirstOrDefault(rule => rule.Name == one) is { } meant ? [meant] : rules, network, walk, into);
                break;
            case Occupant.Managed { Endpoint: { Way: ServiceWay.PrivateServiceConnect } } when network != walk.Source.Network:
                into.Add(part.Ends(PathEnd.Blocked(PathStage.Target, PathReason.PscFromPeeredNetwork, PathDecider.Of(network))));
                break;
            case Occupant.Managed { Endpoint: { Way: ServiceWay.OwnAddress, Service: var control } } when network != walk.Source.Network && IsMeant(target, control.Name):
                into.Add(part.Ends(PathEnd.Unknown(PathStage.Target, PathReason.Unsupported, $"whether {PathDecider.Of(control.Name)} answers clients of a peered network is not documented")));
                break;
            case Occupant.Managed { Endpoint: var endpoint } when IsMeant(target, endpoint.Service.Name):
                ManagedServices.Pass(part, endpoint, walk, into);
                break;
            default:
                into.Add(part.Ends(PathEnd.Blocked(PathStage.Target, PathReason.WrongNetwork, PathDecider.Of(network)), "something else has the address there"));
                break;
        }
    }

    private static bool IsMeant(PathTarget target, ResourceName name) => target.Resource is not { } meant || meant == name;

    private static PathEnd Nobody(AddressBook book, ResourceName network) => book.WhyUnread is { } missing
        ? PathEnd.Unknown(PathStage.Target, PathReason.NetworkConfigNotFound, missing)
        : PathEnd.Blocked(PathStage.Target, PathReason.UnknownInternalAddress, PathDecider.Of(network));
}
