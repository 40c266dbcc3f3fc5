using Auditor.Findings;
using Auditor.Model;
using Auditor.Reach.Flows;

namespace Auditor.Rules.Nat;

/// <summary>NAT002: where a public NAT serves the region, it also covers the subnetwork of a connector that carries all traffic.</summary>
public sealed class NatCoversConnector : StateRule<Connector>
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "NAT002",
        Title = "Cloud NAT covers the connector subnetwork",
        Severity = Severity.High,
        What = "A connector through which a workload sends all its traffic stands in a subnetwork whose primary range is covered by a public Cloud NAT of the same network and region: one for all subnetworks, or one whose list names it with all ranges or the primary range. The hidden subnetwork of a connector with a custom range can stand in no list.",
        WhyItMatters = "The NAT is there, so everything looks right; yet packets from the connector find no translation and internet requests time out. It happens when a NAT is narrowed to a list of subnetworks.",
        Remediation = "Let the NAT cover all subnetworks of the region, or add the connector's own subnetwork to its list. A connector with a custom range must move to a subnetwork of its own for that.",
        Gcloud = """
            gcloud compute routers nats update NAT --router=ROUTER --region=REGION --nat-all-subnet-ip-ranges
            gcloud compute routers nats update NAT --router=ROUTER --region=REGION --nat-custom-subnet-ip-ranges=SUBNET_A,CONNECTOR_SUBNET
            """,
        Terraform = """
            resource "google_compute_router_nat" "NAT" {
              source_subnetwork_ip_ranges_to_nat = "LIST_OF_SUBNETWORKS"
              subnetwork {
                name                    = google_compute_subnetwork.CONNECTOR_SUBNET.id
                source_ip_ranges_to_nat = ["ALL_IP_RANGES"]
              }
            }
            """,
        DoesNotApply = "It does not apply to a connector that no workload uses for all its traffic, nor where the region has no public NAT at all (NAT001). It is unknown when routers could not be listed.",
        Controls = [RuleControl.Nist("SC-7")],
        References = ["https://cloud.google.com/nat/docs/nat-product-interactions", "https://cloud.google.com/run/docs/configuring/static-outbound-ip"],
    };

    protected override IEnumerable<Verdict> Evaluate(Connector subject, EstateView view, RuleOptions options)
    {
        yield return Judge(subject, view);
    }

    private static Verdict Judge(Connector subject, EstateView view)
    {
        var users = ConnectorUsers.Of(view, subject.Name);
        if (!users.Items.Any(user => user.VpcAccess?.Egress == VpcEgress.AllTraffic))
        {
            return users.Incomplete is { } hidden
                ? Unknown($"the users of the connector could not all be listed: {hidden}")
                : DoesNotApply("no workload sends all its traffic through the connector");
        }

        var place = ConnectorPlace.Of(subject, view);
        if (place.Network is not { } network)
        {
            return Unknown(place.Missing ?? "the connector names no network");
        }

        var routers = view.Referrers<Router>(ResourceKind.Router, network);
        var nats = routers.Items.Where(router => router.Name.Location == subject.Name.Location)
            .SelectMany(router => router.Nats.Select(nat => (Router: router, Nat: nat)))
            .Where(pair => pair.Nat is { IsPublic: true, ServesVms: true }).ToList();
        if (nats.Exists(pair => pair.Nat.CoversPrimaryRangeOf(place.Subnetwork) == true))
        {
            return Pass();
        }

        if (nats.Find(pair => pair.Nat.CoversPrimaryRangeOf(place.Subnetwork) is null) is { Nat: { } odd })
        {
            return Unknown($"which ranges {odd.Name} covers is not understood");
        }

        if (routers.Incomplete is { } incomplete)
        {
            return Unknown($"routers of {network.Id} could not all be listed: {incomplete}");
        }

        if (nats.Count == 0)
        {
            return DoesNotApply($"no public Cloud NAT serves {network.Id} in {subject.Name.Location}, which is NAT001's to say");
        }

        var names = string.Join(", ", nats.Select(pair => $"{pair.Nat.Name} of router {pair.Router.Name.Id}"));
        return place.Subnetwork is { } subnetwork
            ? Fail($"{names} covers only listed subnetworks, and {subnetwork.Id} is not among them", FixFor(nats[0].Router, nats[0].Nat))
            : Fail($"{names} covers only listed subnetworks, and the hidden subnetwork of a connector with a custom range can stand in no list", FixFor(nats[0].Router, nats[0].Nat));
    }

    private static string FixFor(Router router, RouterNat nat) =>
        $"gcloud compute routers nats update {nat.Name} --router={router.Name.Id} --region={router.Name.Location} --project={router.Name.Project} --nat-all-subnet-ip-ranges";
}
