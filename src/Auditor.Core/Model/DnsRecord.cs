using System.Text.Json;
using Auditor.Network;

namespace Auditor.Model;

/// <summary>
/// A record set of a zone, or the local data of a response policy's rule. With a routing policy it holds what any client may get. Source: REST
/// Resource resourceRecordSets, dns v1.
/// </summary>
/// <param name="Name">The full name with the final dot, in lower case; a wildcard begins with "*.".</param>
/// <param name="Type">A, AAAA or CNAME.</param>
/// <param name="Data">Addresses or names as written.</param>
public sealed record DnsRecord(string Name, string Type, ValueList<string> Data)
{
    /// <summary>The IPv4 addresses among <see cref="Data"/>.</summary>
    public IEnumerable<IpRange> Addresses => Type == "A" ? Data.Select(IpRange.TryParse).OfType<IpRange>() : [];

    internal static DnsRecord Parse(FieldReader fields) =>
        new((fields.Text("name") ?? "").ToLowerInvariant(), fields.Text("type") ?? "", fields.Texts("rrdatas").Concat(OfPolicy(fields.Child("routingPolicy"))).ToValueList());

    /// <summary>Whether a record set may lead to an address. Others (TXT, say) are nobody's business and are not kept.</summary>
    internal static bool LeadsToAddress(JsonElement json) => json.TextOf("type") is "A" or "AAAA" or "CNAME";

    private static IEnumerable<string> OfPolicy(FieldReader? policy)
    {
        if (policy is null)
        {
            return [];
        }

        var failover = policy.Child("primaryBackup");
        return new[] { policy.Child("geo"), policy.Child("wrr"), failover?.Child("backupGeoTargets") }.OfType<FieldReader>()
            .SelectMany(choice => choice.Children("items")).SelectMany(item => item.Texts("rrdatas").Concat(OfTargets(item.Child("healthCheckedTargets"))))
            .Concat(OfTargets(failover?.Child("primaryTargets")));
    }

    private static IEnumerable<string> OfTargets(FieldReader? targets) => targets is null ? []
        : targets.Children("internalLoadBalancers").Select(balancer => balancer.Text("ipAddress")).OfType<string>().Concat(targets.Texts("externalEndpoints"));
}
