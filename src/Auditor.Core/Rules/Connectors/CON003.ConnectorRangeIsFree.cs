using Auditor.Findings;
using Auditor.Model;
using Auditor.Network;
using Auditor.Reach.Flows;

namespace Auditor.Rules.Connectors;

/// <summary>CON003: a connector's range overlaps no subnetwork of its VPC network but its own.</summary>
public sealed class ConnectorRangeIsFree : StateRule<Connector>
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "CON003",
        Title = "Connector range overlaps no other subnetwork",
        Severity = Severity.High,
        What = "The connector's range has no address in common with a primary or secondary range of another subnetwork of its VPC network, in any region. The connector's own subnetwork, also the hidden one that Google makes for a custom range, does not count.",
        WhyItMatters = "Two owners of one address: the connector cannot be created or goes to ERROR, or packets for one end up at the other.",
        Remediation = "Create a connector on a free /28, move its users, delete the old one; or remove the subnetwork that came later.",
        Gcloud = """
            gcloud compute networks subnets list --network=NETWORK --format="table(name,region,ipCidrRange,secondaryIpRanges)"
            gcloud compute networks vpc-access connectors create NEW_CONNECTOR --region=REGION --network=NETWORK --range=FREE_RANGE/28
            """,
        Terraform = """
            resource "google_vpc_access_connector" "NEW_CONNECTOR" {
              name          = "NEW_CONNECTOR"
              region        = "REGION"
              network       = "NETWORK"
              ip_cidr_range = "FREE_RANGE/28"
              lifecycle {
                create_before_destroy = true
              }
            }
            """,
        DoesNotApply = "It applies to every connector whose range and network are known. Peered and routed ranges are CON004's. It is unknown when subnetworks of the network could not be listed.",
        Controls = [RuleControl.Nist("SC-7"), RuleControl.Nist("CM-6"), RuleControl.Iso("A.8.22")],
        References = ["https://cloud.google.com/vpc/docs/serverless-vpc-access", "https://cloud.google.com/vpc/docs/configure-serverless-vpc-access"],
    };

    protected override IEnumerable<Verdict> Evaluate(Connector subject, EstateView view, RuleOptions options)
    {
        var place = ConnectorPlace.Of(subject, view);
        if (place is not { Range: { } range, Network: { } network })
        {
            return [Unknown(place.Missing ?? "the connector names no network")];
        }

        var subnetworks = view.Referrers<Subnetwork>(ResourceKind.Subnetwork, network);
        var verdicts = subnetworks.Items.Where(subnetwork => !IsOwn(subnetwork)).SelectMany(Overlaps).ToList();
        if (subnetworks.Incomplete is { } incomplete)
        {
            verdicts.Add(Unknown($"subnetworks of {network.Id} could not all be listed: {incomplete}"));
        }

        return verdicts.Count > 0 ? verdicts : [Pass()];

        // Google names the subnetwork it makes for a custom range aet-<region>-<connector>-sbnt.
        bool IsOwn(Subnetwork subnetwork) => subnetwork.Name == place.Subnetwork
            || (place.Subnetwork is null && subnetwork.IpCidrRange == range && subnetwork.Name.Id.StartsWith("aet-", StringComparison.Ordinal));

        IEnumerable<Verdict> Overlaps(Subnetwork subnetwork)
        {
            if (Ranges(subnetwork).FirstOrDefault(pair => pair.Range.Overlaps(range)) is { Words: { } words } hit)
            {
                yield return Fail(
                    $"its range {range} overlaps {hit.Range}, the {words} range of subnetwork {subnetwork.Name.Id} in {subnetwork.Name.Location}",
                    discriminator: subnetwork.Name.Path);
            }
        }
    }

    private static IEnumerable<(IpRange Range, string Words)> Ranges(Subnetwork subnetwork) =>
        (subnetwork.IpCidrRange is { } primary ? [(primary, "primary")] : Array.Empty<(IpRange, string)>())
            .Concat(subnetwork.SecondaryRanges.Where(secondary => secondary.IpCidrRange is not null).Select(secondary => (secondary.IpCidrRange!.Value, "secondary")));
}
