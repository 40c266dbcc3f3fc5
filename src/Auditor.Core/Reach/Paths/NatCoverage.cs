using Auditor.Model;
using Auditor.Reach.Flows;

namespace Auditor.Reach.Paths;

/// <summary>The public Cloud NAT that translates packets of an attachment.</summary>
/// <param name="Nat">Null when none does.</param>
/// <param name="Missing">Why one may all the same; null when none does for sure, or one does.</param>
/// <param name="HasNoAddress">Whether it has no address to translate to.</param>
internal sealed record NatCoverage(PathDecider? Nat, string? Missing, bool HasNoAddress)
{
    /// <summary>Public ones of network and region that leave the attachment out; in words.</summary>
    public ValueList<string> Beside { get; init; }

    public static NatCoverage Of(EstateView view, Attachment attachment) =>
        view.Derive((attachment.Source!.Network, attachment.Source.Region ?? "", attachment.Subnetwork), inner => Collect(inner, attachment.Source, attachment.Subnetwork));

    private static NatCoverage Collect(EstateView view, FlowSource source, ResourceName? subnetwork)
    {
        var routers = view.Referrers<Router>(ResourceKind.Router, source.Network);
        var nats = routers.Items.Where(router => router.Network == source.Network && router.Name.Location == source.Region)
            .SelectMany(router => router.Nats.Where(nat => nat is { IsPublic: true, ServesVms: true }).Select(nat => (Router: router, Nat: nat))).ToList();
        var covering = nats.FindAll(pair => pair.Nat.CoversPrimaryRangeOf(subnetwork) == true);

        // One with an address is enough.
        var best = covering.Find(pair => !pair.Nat.HasNoAddressLeft);
        best = best.Nat is null ? covering.FirstOrDefault() : best;
        return best.Nat is { } nat
            ? new NatCoverage(new PathDecider(nat.Name, $"Cloud NAT {nat.Name} of router {best.Router.Name.Id}", best.Router.Name), null, nat.HasNoAddressLeft)
            : new NatCoverage(null, nats.Find(pair => pair.Nat.CoversPrimaryRangeOf(subnetwork) is null) is { Nat: { } odd } ? $"which ranges Cloud NAT {odd.Name} covers is not understood"
                : routers.Incomplete is { } incomplete ? $"routers of network {source.Network.Id} could not all be listed: {incomplete}" : null, false)
            {
                Beside = nats.Select(pair => $"Cloud NAT {pair.Nat.Name} of router {pair.Router.Name.Id}").ToValueList(),
            };
    }
}
