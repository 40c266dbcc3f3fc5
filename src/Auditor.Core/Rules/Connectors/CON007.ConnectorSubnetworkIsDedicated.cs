using Auditor.Findings;
using Auditor.Model;
using Auditor.Reach.Flows;

namespace Auditor.Rules.Connectors;

/// <summary>CON007: nothing else stands in a connector's subnetwork.</summary>
public sealed class ConnectorSubnetworkIsDedicated : StateRule<Connector>
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "CON007",
        Title = "Connector subnetwork is used by the connector only",
        Severity = Severity.High,
        What = "The subnetwork of a connector has an ordinary purpose and holds nothing else: no VM, no forwarding rule of an internal load balancer or Private Service Connect endpoint, no workload with Direct VPC egress, no second connector.",
        WhyItMatters = "Google asks for a dedicated subnetwork. Whatever else takes addresses of the /28 leaves too few for the connector's instances, and a firewall rule for the connector's range then also lets the neighbour through.",
        Remediation = "Move the other resources to a subnetwork of their own, or give the connector a new, dedicated /28.",
        Gcloud = """
            gcloud compute networks subnets create DEDICATED_SUBNET --network=NETWORK --region=REGION --range=FREE_RANGE/28
            gcloud compute networks vpc-access connectors create NEW_CONNECTOR --region=REGION --subnet=DEDICATED_SUBNET
            """,
        Terraform = """
            resource "google_vpc_access_connector" "NEW_CONNECTOR" {
              name   = "NEW_CONNECTOR"
              region = "REGION"
              subnet {
                name = google_compute_subnetwork.DEDICATED_SUBNET.name
              }
            }
            """,
        DoesNotApply = "It does not apply to a connector with a custom range: Google makes its subnetwork, and nothing else can be put there. It is unknown when the subnetwork was not read, or when one of the kinds that could stand in it could not be listed.",
        Controls = [RuleControl.Nist("SC-7(21)"), RuleControl.Iso("A.8.22")],
        References = ["https://cloud.google.com/vpc/docs/configure-serverless-vpc-access", "https://cloud.google.com/vpc/docs/serverless-vpc-access"],
    };

    protected override IEnumerable<Verdict> Evaluate(Connector subject, EstateView view, RuleOptions options)
    {
        if (subject.Subnetwork is not { } name)
        {
            return [DoesNotApply("the connector has a custom range, whose subnetwork nothing else can use")];
        }

        if (view.Find<Subnetwork>(name) is not Lookup<Subnetwork>.Found { Resource: var subnetwork })
        {
            return [Unknown(ConnectorPlace.Of(subject, view).Missing ?? $"subnetwork {name.Id} was not read")];
        }

        var verdicts = new List<Verdict>();
        if (subnetwork.Purpose is not (SubnetworkPurpose.Private or SubnetworkPurpose.PrivateRfc1918))
        {
            verdicts.Add(Fail($"its subnetwork {name.Id} has the purpose {subnetwork.Purpose.ToGoogleWord()}", discriminator: "purpose"));
        }

        string? incomplete = null;
        Add("VM", view.Referrers<Instance>(ResourceKind.Instance, name));
        Add("forwarding rule", view.Referrers<ForwardingRule>(ResourceKind.ForwardingRule, name));
        Add("connector", view.Referrers<Connector>(ResourceKind.Connector, name));
        var workloads = ConnectorUsers.Of(view, name);
        verdicts.AddRange(workloads.Items.Where(user => user.VpcAccess?.Subnetwork == name).Select(user => Shared("workload with Direct VPC egress", user.Name)));
        incomplete ??= workloads.Incomplete;
        if (incomplete is not null)
        {
            verdicts.Add(Unknown($"what stands in subnetwork {name.Id} could not all be listed: {incomplete}"));
        }

        return verdicts.Count > 0 ? verdicts : [Pass()];

        void Add<T>(string words, Listing<T> neighbours)
            where T : Resource
        {
            verdicts.AddRange(neighbours.Items.Where(neighbour => neighbour.Name != subject.Name).Select(neighbour => Shared(words, neighbour.Name)));
            incomplete ??= neighbours.Incomplete;
        }

        Verdict Shared(string words, ResourceName neighbour) =>
            Fail($"its subnetwork {name.Id} also holds {words} {neighbour.Id} of project {neighbour.Project}", discriminator: neighbour.Path);
    }
}
