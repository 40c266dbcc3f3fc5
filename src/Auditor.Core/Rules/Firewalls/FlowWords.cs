using System.Globalization;
using Auditor.Network;
using Auditor.Reach.Flows;

namespace Auditor.Rules.Firewalls;

/// <summary>Sources of flows in words.</summary>
internal static class FlowWords
{
    /// <summary>"connector c", or where only some of its addresses are meant "10.8.0.8-10.8.0.13 of connector c".</summary>
    public static string Of(FlowSource source, AddressSet some) => some == source.Addresses ? source.What : $"{Of(some)} of {source.What}";

    /// <summary>IPv4 addresses as spans; the first three and how many more.</summary>
    public static string Of(AddressSet addresses)
    {
        var spans = addresses.V4.Intervals.Select(interval => interval.First == interval.Last ? Text(interval.First) : $"{Text(interval.First)}-{Text(interval.Last)}").ToList();
        return string.Join(", ", spans.Take(3)) + (spans.Count > 3 ? string.Create(CultureInfo.InvariantCulture, $" and {spans.Count - 3} more spans") : "");

        static string Text(uint address) => IpRange.Of(isV6: false, address, 32).Address;
    }
}
