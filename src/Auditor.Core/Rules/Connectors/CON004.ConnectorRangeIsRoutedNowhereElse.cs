using Auditor.Findings;
using Auditor.Model;
using Auditor.Network;
using Auditor.Reach.Flows;
using Auditor.Reach.Paths;

namespace Auditor.Rules.Connectors;

/// <summary>CON004: a connector's range overlaps nothing that peers, routes or allocations for managed services bring to its network.</summary>
public sealed class ConnectorRangeIsRoutedNowhereElse : StateRule<Connector>
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "CON004",
        Title = "Connector range overlaps no peered or routed range",
        Severity = Severity.High,
        What = "The connector's range has no address in common with subnetworks of peered networks, with ranges allocated for private services access, or with a static, imported or learned route for the same addresses or for a part of them. A route for a wider range, such as 10.0.0.0/8 towards a data centre, is no conflict: the subnetwork's own route is more specific.",
        WhyItMatters = "Answers to the connector are delivered to whoever else has its addresses. Creating it fails, or it works until the peering or the route comes and then loses packets.",
        Remediation = "Create a connector on a free /28, move its users, delete the old one; or take the route away that came later.",
        Gcloud = """
            gcloud compute networks peerings list-routes PEERING --network=NETWORK --region=REGION --direction=INCOMING
            gcloud compute networks vpc-access connectors create NEW_CONNECTOR --region=REGION --network=NETWORK --range=FREE_RANGE/28
            """,
        Terraform = """
            resource "google_vpc_access_connector" "NEW_CONNECTOR" {
              name          = "NEW_CONNECTOR"
              region        = "REGION"
              network       = "NETWORK"
              ip_cidr_range = "FREE_RANGE/28"
            }
            """,
        DoesNotApply = "It applies to every connector whose range is known and whose network exists. Subnetworks of the connector's own network are CON003's. It is unknown where a peered network was not read, and when routes or what routers have learned could not be read.",
        Controls = [RuleControl.Nist("SC-7"), RuleControl.Iso("A.8.22")],
        References = ["https://cloud.google.com/vpc/docs/configure-serverless-vpc-access", "https://cloud.google.com/vpc/docs/vpc-peering"],
    };

    protected override IEnumerable<Verdict> Evaluate(Connector subject, EstateView view, RuleOptions options)
    {
        var place = ConnectorPlace.Of(subject, view);
        if (place is not { Range: { } range, Network: { } network })
        {
            return [Unknown(place.Missing ?? "the connector names no network")];
        }

        if (view.Find<VpcNetwork>(network) is Lookup<VpcNetwork>.Absent)
        {
            return [DoesNotApply($"network {network.Id} does not exist")];
        }

        var routing = RoutingInputs.Collect(view, network, subject.Name.Location);
        var verdicts = routing.Subnets.Where(line => line.Peering is not null && line.Range.Overlaps(range))
            .Select(line => Fail($"its range {range} overlaps {line.Range} of subnetwork {line.Subnetwork.Id} of project {line.Subnetwork.Project}, which peering {line.Peering} brings", discriminator: $"{line.Peering}/{line.Range}"))
            .Concat(view.Referrers<Address>(ResourceKind.Address, network).Items.Where(address => address is { Purpose: "VPC_PEERING", Range: { } allocated } && allocated.Overlaps(range))
                .Select(address => Fail($"its range {range} overlaps {address.Range} of {address.Name.Id}, which is allocated for private services access", discriminator: address.Name.Path)))
            .Concat(routing.Custom.Where(line => line.Range.PrefixLength >= range.PrefixLength && line.Range.Overlaps(range))
                .Select(line => Fail($"{line.By} takes {line.Range} of its range {range}", discriminator: $"{line.By.Resource?.Path ?? line.By.Name}/{line.Range}")))
            .DistinctBy(verdict => verdict.Discriminator).ToList();
        if ((routing.WhyUnread ?? routing.WhyRoutesUnread ?? routing.Unread.Where(dark => dark.May.Overlaps(AddressSet.Of(range))).Select(Words).FirstOrDefault()) is { } missing)
        {
            verdicts.Add(Unknown(missing));
        }

        return verdicts.Count > 0 ? verdicts : [Pass()];

        static string Words(DarkRange dark) => dark.Choice is RouteChoice.Ended { End.Because: var because } ? $"what has its addresses is not known: {string.Join("; ", because)}" : "what has its addresses is not known";
    }
}
