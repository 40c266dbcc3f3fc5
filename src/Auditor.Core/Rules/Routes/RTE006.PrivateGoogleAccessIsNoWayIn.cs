using Auditor.Findings;
using Auditor.Model;
using Auditor.Network;
using Auditor.Reach.Flows;
using Auditor.Reach.Paths;

namespace Auditor.Rules.Routes;

/// <summary>RTE006: Private Google Access of a target's subnetwork is not taken for a way into it.</summary>
public sealed class PrivateGoogleAccessIsNoWayIn : StateRule<Workload>
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "RTE006",
        Title = "Private Google Access is not relied on for a way into the VPC",
        Severity = Severity.Info,
        What = "No workload without attachment calls an address of a subnetwork that has Private Google Access on, as if that let it in.",
        WhyItMatters = "The names are easily confused. Private Google Access lets machines without external address reach Google APIs; it gives Cloud Run, functions and App Engine no way to private addresses.",
        Remediation = "Attach the workload to the network: see EGR001, which fails for the same connection. Private Google Access may stay on.",
        Gcloud = """
            gcloud run services update SERVICE --region=REGION --network=NETWORK --subnet=SUBNET --vpc-egress=private-ranges-only
            """,
        Terraform = """
            resource "google_cloud_run_v2_service" "SERVICE" {
              template {
                vpc_access {
                  network_interfaces {
                    network    = "NETWORK"
                    subnetwork = "SUBNET"
                  }
                }
              }
            }
            """,
        DoesNotApply = "It does not apply to workloads that are attached to a network, or whose variables name no private address with a port. It is unknown when subnetworks could not be listed and none is known to have the address.",
        References = ["https://cloud.google.com/vpc/docs/private-google-access", "https://cloud.google.com/run/docs/configuring/connecting-vpc"],
    };

    protected override bool IsSubject(Workload subject) => subject is not RunRevision;

    protected override IEnumerable<Verdict> Evaluate(Workload subject, EstateView view, RuleOptions options)
    {
        if (WorkloadScope.WhyOutside(subject, view) is { } outside)
        {
            return [DoesNotApply(outside)];
        }

        if (subject.VpcAccess is not null)
        {
            return [DoesNotApply("the workload is attached to a network")];
        }

        var flows = IntendedPaths.Of(subject, view).Where(flow => flow.Answer.Parts.Any(part => part.End!.Reason == PathReason.ConnectorNotSet)).ToList();
        if (flows.Count == 0)
        {
            return [DoesNotApply("its variables name no private address with a port")];
        }

        var subnetworks = view.OfKind<Subnetwork>(ResourceKind.Subnetwork);
        return flows.Select(flow => Judge(flow.Target.ShortName, flow.Target.Address!.Value, subnetworks));
    }

    private static Verdict Judge(string name, IpRange address, Listing<Subnetwork> subnetworks)
    {
        var around = subnetworks.Items.Where(subnetwork => subnetwork.AllRanges.Any(range => range.Contains(address))).ToList();
        return around.Find(subnetwork => subnetwork.PrivateIpGoogleAccess == true) is { } open
            ? Fail($"{name} is in subnetwork {open.Name.Id}, whose Private Google Access lets nobody in from outside the VPC, and the workload is attached to no network", discriminator: name)
            : around.Count == 0 && subnetworks.Incomplete is { } missing ? Unknown($"subnetworks could not all be listed: {missing}", name)
            : new Verdict.Passed { Discriminator = name };
    }
}
