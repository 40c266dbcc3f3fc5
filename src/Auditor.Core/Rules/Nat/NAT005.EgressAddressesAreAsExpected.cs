using Auditor.Findings;
using Auditor.Reach.Intended;

namespace Auditor.Rules.Nat;

/// <summary>NAT005: a workload with fixed egress addresses leaves by exactly those.</summary>
public sealed class EgressAddressesAreAsExpected : EgressIntentRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "NAT005",
        Title = "Workloads leave by exactly the addresses that are expected",
        Severity = Severity.High,
        What = "The addresses of the Cloud NAT that translates packets of a workload are exactly those that `intents: egress:` in `auditor.yaml` names for it, by address or by the name of the reserved address. Addresses that are being drained take no new connections and do not count.",
        WhyItMatters = "A partner lets in what is on its list. An address that went from the NAT is one it expects in vain; one that came to it is refused, and only some connections take it.",
        Remediation = "Give the Cloud NAT the addresses expected, or tell the partner and change the intent.",
        Gcloud = """
            gcloud compute routers nats update NAT --router=ROUTER --region=REGION --nat-external-ip-pool=ADDRESS_1,ADDRESS_2
            """,
        Terraform = """
            resource "google_compute_router_nat" "NAT" {
              nat_ip_allocate_option = "MANUAL_ONLY"
              nat_ips                = [google_compute_address.ADDRESS_1.self_link, google_compute_address.ADDRESS_2.self_link]
            }
            """,
        DoesNotApply = "It does not apply to workloads for which no address is declared, to those that leave past the VPC (EGR004) or by a Cloud NAT that allocates automatically (NAT004), and to those that reach no external address at all. It is unknown where routers or reserved addresses could not be read, and where rules of the NAT give some destinations other addresses.",
        Controls = [RuleControl.Nist("CM-3"), RuleControl.Pci("1.2.2"), RuleControl.Iso("A.8.32")],
        References = ["https://cloud.google.com/nat/docs/ports-and-addresses", "https://cloud.google.com/run/docs/configuring/static-outbound-ip"],
    };

    protected override Verdict Judge(EgressAnswer answer) => answer.Standing switch
    {
        EgressStanding.Differs => Fail(answer.Because, FixOf(answer)),
        EgressStanding.Kept => Pass(),
        _ => NotMine(answer),
    };
}
