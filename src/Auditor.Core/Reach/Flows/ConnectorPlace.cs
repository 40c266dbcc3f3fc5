using Auditor.Model;
using Auditor.Network;

namespace Auditor.Reach.Flows;

/// <summary>
/// Where a connector stands: its range, network and subnetwork, resolved through its subnetwork where it has one. What cannot be resolved is
/// null, and <see cref="Missing"/> says why.
/// </summary>
internal sealed record ConnectorPlace(IpRange? Range, ResourceName? Network, ResourceName? Subnetwork, string? Missing)
{
    public static ConnectorPlace Of(Connector connector, EstateView view)
    {
        if (connector.Subnetwork is not { } subnetwork)
        {
            return new ConnectorPlace(connector.IpCidrRange, connector.Network, null, connector.IpCidrRange is null ? "the connector names neither a range nor a subnetwork" : null);
        }

        return view.Find<Subnetwork>(subnetwork) switch
        {
            Lookup<Subnetwork>.Found { Resource: var found } => new ConnectorPlace(found.IpCidrRange, found.Network, subnetwork, found.IpCidrRange is null ? $"subnetwork {subnetwork.Id} has no IPv4 range" : null),
            Lookup<Subnetwork>.Unread { Reason: var reason } => new ConnectorPlace(null, connector.Network, subnetwork, $"subnetwork {subnetwork.Id} was not read: {reason}"),
            _ => new ConnectorPlace(null, connector.Network, subnetwork, $"subnetwork {subnetwork.Id} does not exist"),
        };
    }
}
