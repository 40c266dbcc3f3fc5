using Auditor.Findings;
using Auditor.Model;
using Auditor.Reach.Firewalls;
using Auditor.Reach.Flows;

namespace Auditor.Rules.Firewalls;

/// <summary>FWL016: no disabled rule would open what a workload is configured to call and cannot reach.</summary>
public sealed class DisabledRuleIsNotNeeded : StateRule<Firewall>
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "FWL016",
        Title = "No workload waits for a disabled rule",
        Severity = Severity.Medium,
        What = "No disabled allow rule of a network would, if it were enabled, open a connection that a workload's environment variables name and that the firewall blocks now (FWL001). Tried on the same firewall with the rule enabled.",
        WhyItMatters = "The rule is there and does nothing: a rule that somebody switched off to try something is the first place to look when a connection fails, and the last that people think of.",
        Remediation = "Enable the rule, or delete it and open what is needed by another.",
        Gcloud = """
            gcloud compute firewall-rules update RULE --no-disabled
            """,
        Terraform = """
            resource "google_compute_firewall" "RULE" {
              disabled = false
            }
            """,
        DoesNotApply = "It applies to disabled allow rules only. It is unknown when workloads, connectors or subnetworks on the network could not be read.",
        Controls = [RuleControl.Nist("CM-3")],
        References = ["https://cloud.google.com/firewall/docs/firewalls#enforcement"],
    };

    protected override bool IsSubject(Firewall subject) => subject.Disabled;

    protected override IEnumerable<Verdict> Evaluate(Firewall subject, EstateView view, RuleOptions options)
    {
        if (subject.Action != FirewallAction.Allow || subject.Network is not { } network || ManagedRules.IsManaged(subject))
        {
            return [DoesNotApply("the rule allows nothing of your own")];
        }

        var (flows, missing) = Flows(network, view);
        var verdicts = new List<Verdict>();
        foreach (var flow in flows)
        {
            EffectiveFirewall Now(string? region) => EffectiveFirewall.Of(view, network, region);
            var now = flow.Judge(Now);
            if (!now.Blocked.IsEmpty && flow.Judge(region => Now(region).With(null, subject with { Disabled = false })).Blocked.IsEmpty)
            {
                verdicts.Add(Fail(
                    $"the rule is disabled, and {flow.Workload.Name.Id} cannot reach {flow.TargetWords} without it",
                    $"gcloud compute firewall-rules update {subject.Name.Id} --project={subject.Name.Project} --no-disabled",
                    discriminator: $"{flow.Workload.Name.Path}|{flow.Endpoint}"));
            }
        }

        return verdicts.Count > 0 ? verdicts : missing is not null ? [Unknown(missing)] : [Pass()];
    }

    // What workloads on the network call, each once; and why there may be more.
    private static (List<IntendedFlow> Flows, string? Missing) Flows(ResourceName network, EstateView view)
    {
        var connectors = ConnectorsOn.Network(view, network);
        var subnetworks = view.Referrers<Subnetwork>(ResourceKind.Subnetwork, network);
        var missing = connectors.Incomplete ?? subnetworks.Incomplete;
        var flows = new List<IntendedFlow>();
        foreach (var target in connectors.Items.Select(item => item.Connector.Name).Concat(subnetworks.Items.Select(item => item.Name)).Append(network))
        {
            var users = ConnectorUsers.Of(view, target);
            missing ??= users.Incomplete;
            foreach (var user in users.Items)
            {
                if (FlowSource.Of(user, view).Source is { } source && source.Network == network)
                {
                    flows.AddRange(IntendedFlow.Of(user, source, view));
                }
            }
        }

        return ([.. flows.DistinctBy(flow => (flow.Workload.Name, flow.Endpoint))], missing);
    }
}
