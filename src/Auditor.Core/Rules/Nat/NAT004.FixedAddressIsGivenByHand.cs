using Auditor.Findings;
using Auditor.Reach.Intended;

namespace Auditor.Rules.Nat;

/// <summary>NAT004: the Cloud NAT by which a workload with fixed egress addresses leaves has its addresses given by hand.</summary>
public sealed class FixedAddressIsGivenByHand : EgressIntentRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "NAT004",
        Title = "Cloud NAT of a workload with fixed egress addresses has them by hand",
        Severity = Severity.Medium,
        What = "The Cloud NAT that translates packets of a workload for which `intents: egress:` in `auditor.yaml` names addresses allocates manually: it has reserved addresses of its own.",
        WhyItMatters = "With automatic allocation Google adds addresses as traffic grows and takes them away when it falls. A partner that lists today's address refuses the next one.",
        Remediation = "Reserve regional external addresses and give them to the Cloud NAT. Established connections through the old addresses end when it changes.",
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
        DoesNotApply = "It does not apply to workloads for which no address is declared, to those that leave past the VPC (EGR004), and to those that reach no external address at all. It is unknown where routers could not be read, or where the way to the internet depends on something that is not known.",
        Controls = [RuleControl.Nist("CM-6")],
        References = ["https://cloud.google.com/nat/docs/ports-and-addresses", "https://cloud.google.com/run/docs/configuring/static-outbound-ip"],
    };

    protected override Verdict Judge(EgressAnswer answer) => answer.Standing switch
    {
        EgressStanding.Automatic => Fail(answer.Because, FixOf(answer)),
        EgressStanding.Differs or EgressStanding.Kept => Pass(),
        _ => NotMine(answer),
    };
}
