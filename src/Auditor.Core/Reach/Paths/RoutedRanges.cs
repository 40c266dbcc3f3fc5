using Auditor.Network;

namespace Auditor.Reach.Paths;

/// <summary>
/// Which destinations private-ranges-only sends into the VPC. Google's pages list RFC 1918, RFC 6598 and the addresses of Private Google Access; of the
/// special-purpose ranges and class E they do not agree, so those are undecided. Source: the pages on Cloud Run egress settings, on Cloud Run networking
/// best practices, and on connecting App Engine to a VPC.
/// </summary>
public static class RoutedRanges
{
    /// <summary>private.googleapis.com and restricted.googleapis.com.</summary>
    public static AddressSet GoogleApiVips { get; } = Of("199.36.153.4/30", "199.36.153.8/30");

    /// <summary>Sent into the VPC.</summary>
    public static AddressSet Routed { get; } = Of("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10").Union(GoogleApiVips);

    /// <summary>Perhaps sent into the VPC.</summary>
    public static AddressSet Undecided { get; } = Of("192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4");

    /// <summary>RFC 1918.</summary>
    public static AddressSet Rfc1918 { get; } = Of("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16");

    internal static AddressSet Of(params IEnumerable<string> ranges) => AddressSet.Of(ranges.Select(IpRange.Parse));
}
