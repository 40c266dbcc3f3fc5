using Auditor.Model;
using Auditor.Network;

namespace Auditor.Reach.Flows;

/// <summary>The connectors of a network and their ranges.</summary>
/// <param name="Items">Sorted by name.</param>
/// <param name="Incomplete">Why there may be more; null when there are not.</param>
internal sealed record ConnectorsOn(IReadOnlyList<(Connector Connector, IpRange Range)> Items, string? Incomplete)
{
    /// <summary>Those that name the network, and those that stand on one of its subnetworks. Looks at nothing of any other network.</summary>
    public static ConnectorsOn Network(EstateView view, ResourceName network)
    {
        var direct = view.Referrers<Connector>(ResourceKind.Connector, network);
        var subnetworks = view.Referrers<Subnetwork>(ResourceKind.Subnetwork, network);
        var incomplete = direct.Incomplete ?? subnetworks.Incomplete;
        var items = direct.Items.Where(connector => connector.Subnetwork is null && connector.IpCidrRange is not null)
            .Select(connector => (connector, connector.IpCidrRange!.Value)).ToList();
        foreach (var subnetwork in subnetworks.Items)
        {
            var onIt = view.Referrers<Connector>(ResourceKind.Connector, subnetwork.Name);
            incomplete ??= onIt.Incomplete;
            if (subnetwork.IpCidrRange is { } range)
            {
                items.AddRange(onIt.Items.Select(connector => (connector, range)));
            }
        }

        return new ConnectorsOn([.. items.OrderBy(item => item.Item1.Name)], incomplete);
    }
}
