using System.Globalization;
using Auditor.Findings;
using Auditor.Model;
using Auditor.Reach.Flows;

namespace Auditor.Rules.Connectors;

/// <summary>CON002: a connector stands on a /28.</summary>
public sealed class ConnectorRangeIsSlash28 : StateRule<Connector>
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "CON002",
        Title = "Connector range is a /28",
        Severity = Severity.High,
        What = "The range of a connector, its own or that of its subnetwork, has prefix length 28: sixteen addresses, of which Google reserves four and leaves twelve usable.",
        WhyItMatters = "Google accepts exactly a /28. Another size appears only when a subnetwork was changed under the connector or when recorded data is wrong; creating the connector again would then fail.",
        Remediation = "Create a connector on an unused /28, move its users, delete the old one.",
        Gcloud = """
            gcloud compute networks subnets create CONNECTOR_SUBNET --network=NETWORK --region=REGION --range=FREE_RANGE/28
            gcloud compute networks vpc-access connectors create NEW_CONNECTOR --region=REGION --subnet=CONNECTOR_SUBNET
            """,
        Terraform = """
            resource "google_compute_subnetwork" "CONNECTOR_SUBNET" {
              name          = "CONNECTOR_SUBNET"
              region        = "REGION"
              network       = "NETWORK"
              ip_cidr_range = "FREE_RANGE/28"
            }
            """,
        DoesNotApply = "It applies to every connector. It is unknown when the connector's subnetwork was not read or does not exist.",
        Controls = [RuleControl.Nist("CM-6"), RuleControl.Iso("A.8.9")],
        References = ["https://cloud.google.com/vpc/docs/serverless-vpc-access", "https://cloud.google.com/vpc/docs/subnets#unusable-ip-addresses-in-every-subnet"],
    };

    protected override IEnumerable<Verdict> Evaluate(Connector subject, EstateView view, RuleOptions options)
    {
        var place = ConnectorPlace.Of(subject, view);
        yield return place switch
        {
            { Range: null } => Unknown(place.Missing!),
            { Range: { PrefixLength: 28, IsV6: false } } => Pass(),
            { Range: { } range, Subnetwork: { } subnetwork } => Fail(string.Create(CultureInfo.InvariantCulture, $"its subnetwork {subnetwork.Id} has the range {range}, a /{range.PrefixLength}")),
            { Range: { } range } => Fail(string.Create(CultureInfo.InvariantCulture, $"its range {range} is a /{range.PrefixLength}")),
        };
    }
}
