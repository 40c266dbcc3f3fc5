using Auditor.Findings;
using Auditor.Model;
using Auditor.Rules.Firewalls;

namespace Auditor.Rules.Nat;

/// <summary>NAT003: a public Cloud NAT whose addresses are given by hand has one that takes new connections.</summary>
public sealed class NatHasAnAddress : StateRule<Router>
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "NAT003",
        Title = "Cloud NAT has an address",
        Severity = Severity.High,
        What = "A public Cloud NAT that serves machines and allocates manually names at least one address that is not being drained.",
        WhyItMatters = "The NAT stands in every list and translates nothing: new connections to the internet time out. It happens when the last address is drained for an exchange that nobody finished.",
        Remediation = "Give the NAT a reserved address, or let it allocate automatically.",
        Gcloud = """
            gcloud compute addresses create NAT_ADDRESS --region=REGION
            gcloud compute routers nats update NAT --router=ROUTER --region=REGION --nat-external-ip-pool=NAT_ADDRESS
            """,
        Terraform = """
            resource "google_compute_router_nat" "NAT" {
              nat_ip_allocate_option = "MANUAL_ONLY"
              nat_ips                = [google_compute_address.NAT_ADDRESS.self_link]
            }
            """,
        DoesNotApply = "It does not apply to routers without such a NAT, nor in networks into which no serverless workload leaves. Whether Google could allocate an address automatically is not in the configuration, and not judged.",
        Controls = [RuleControl.Nist("CP-10")],
        References = ["https://cloud.google.com/nat/docs/ports-and-addresses", "https://cloud.google.com/nat/docs/set-up-manage-network-address-translation"],
    };

    protected override IEnumerable<Verdict> Evaluate(Router subject, EstateView view, RuleOptions options)
    {
        var nats = subject.Nats.Where(nat => nat is { IsPublic: true, ServesVms: true }).ToList();
        if (nats.Count == 0)
        {
            return [DoesNotApply("the router has no public Cloud NAT for machines")];
        }

        if (subject.Network is not { } network)
        {
            return [DoesNotApply("the router belongs to no network")];
        }

        var (serverless, missing) = NetworkRules.Serverless(network, view);
        return serverless switch
        {
            null => [Unknown(missing!)],
            false => [DoesNotApply("no serverless workload leaves for the network")],
            true => nats.Select(nat => nat.HasNoAddressLeft
                ? Fail(
                    nat.Addresses.IsEmpty ? $"Cloud NAT {nat.Name} allocates manually and names no address" : $"Cloud NAT {nat.Name} drains every address that it has",
                    $"gcloud compute routers nats update {nat.Name} --router={subject.Name.Id} --region={subject.Name.Location} --project={subject.Name.Project} --nat-external-ip-pool=ADDRESS",
                    discriminator: nat.Name)
                : new Verdict.Passed { Discriminator = nat.Name }),
        };
    }
}
