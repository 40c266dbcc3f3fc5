using Auditor.Tests.Oracles.Firewall;

namespace Auditor.Tests.Oracles.Paths;

/// <summary>Address ranges that mean something to Google.</summary>
internal static class Ranges
{
    public const string Vips = "199.36.153.4/30";
    public const string PrivateVips = "199.36.153.8/30";
    public const string Serverless = "35.199.224.0/19";

    public static readonly string[] Rfc1918 = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];
    public static readonly string[] Private = [.. Rfc1918, "100.64.0.0/10", "240.0.0.0/4"];
    public static readonly string[] Routed = [.. Rfc1918, "100.64.0.0/10", Vips, PrivateVips];
    public static readonly string[] PerhapsRouted = ["192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4"];
    public static readonly string[] HealthChecks = ["35.191.0.0/16", "35.191.192.0/18", "130.211.0.0/22"];

    private static readonly string[] s_notExternal =
    [
        .. Private, "0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "192.0.0.0/24", "192.0.2.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",
    ];

    public static uint Ip(string text) => (uint)Address.Parse(text).Value;

    public static (uint First, uint Last) Of(string cidr)
    {
        var (first, last) = Address.Range(cidr);
        return ((uint)first.Value, (uint)last.Value);
    }

    public static bool Has(string cidr, uint address) => new Address(false, address).In(cidr);

    public static bool Any(IEnumerable<string> cidrs, uint address) => cidrs.Any(cidr => Has(cidr, address));

    public static bool IsPrivate(uint address) => Any(Private, address);

    public static bool IsExternal(uint address) => !Any(s_notExternal, address);

    public static bool IsVip(uint address) => Has(Vips, address) || Has(PrivateVips, address);

    /// <summary>Whether a whole range lies in private space.</summary>
    public static bool IsPrivate(string cidr)
    {
        var (first, last) = Of(cidr);
        return Private.Any(range => Has(range, first) && Has(range, last));
    }

    public static int Length(string cidr)
    {
        var (first, last) = Of(cidr);
        return 32 - System.Numerics.BitOperations.PopCount(last - first);
    }
}
