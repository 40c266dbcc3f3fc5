using Auditor.Findings;
using Auditor.Model;
using Auditor.Network;
using Auditor.Reach.Firewalls;
using Auditor.Reach.Flows;

namespace Auditor.Rules.Firewalls;

/// <summary>A connector before the firewall of its network.</summary>
internal sealed record ConnectorReach(Connector Connector, FlowSource Source, EffectiveFirewall Firewall, bool IsOfServiceProject)
{
    /// <summary>The ports on which serverless infrastructure talks to a connector. Source: the page on Serverless VPC Access in Shared VPC.</summary>
    public static IntervalSet<uint> ServerlessTraffic { get; } = IntervalSet.Of(
        Traffic.OfPorts(IpProtocol.Tcp, IntervalSet.Of<ushort>(667, 667)).Intervals
            .Concat(Traffic.OfPorts(IpProtocol.Udp, IntervalSet.Of<ushort>(665, 666)).Intervals)
            .Concat(Traffic.OfProtocol(IpProtocol.Icmp).Intervals));

    public static FirewallEnd Serverless { get; } = FirewallEnd.At("35.199.224.0/19");

    public static FirewallEnd HealthProbes { get; } = new(AddressSet.Of(((string[])["35.191.0.0/16", "35.191.192.0/18", "130.211.0.0/22"]).Select(IpRange.Parse)));

    /// <summary>
    /// Why nothing is said of what Google's managed rules let in; null where they are all listed, or none is (then they are assumed). Google makes them
    /// one after the other.
    /// </summary>
    public string? WhyManagedRulesAreOpen(EstateView view)
    {
        var listed = view.Referrers<Firewall>(ResourceKind.Firewall, Source.Network).Items.Where(rule => ManagedRules.IsOf(rule, Connector)).ToList();
        return listed.Count == 0 || (listed.Exists(IsAllow("-sbntfw")) && listed.Exists(IsAllow("-tagfw"))) ? null : "Google's managed rules for the connector are listed in part";

        static Predicate<Firewall> IsAllow(string suffix) => rule => rule.Name.Id.EndsWith(suffix, StringComparison.Ordinal);
    }

    /// <summary>Why a connector carries nothing; null when it may.</summary>
    public static string? WhyIdle(Connector connector) => connector.State is ConnectorState.Error or ConnectorState.Deleting ? $"the connector is in state {connector.Lifecycle} and carries nothing (CON001)" : null;

    /// <summary>Null where it is not known, and then why.</summary>
    public static (ConnectorReach? Reach, string? Missing) Of(Connector connector, EstateView view)
    {
        var (source, missing, _) = FlowSource.Of(connector, view);
        return source is null ? (null, missing) : (new ConnectorReach(connector, source, EffectiveFirewall.Of(view, source.Network, source.Region), !ManagedRules.AppliesTo(connector, source.Network)), null);
    }

    /// <summary>The verdict on a connector of one sort.</summary>
    /// <param name="ofServiceProject">Which sort the rule is about: those of service projects, or those in the network's own project.</param>
    /// <param name="otherwise">Why it does not apply to the other sort.</param>
    public static IEnumerable<Verdict> Judge(Connector subject, EstateView view, bool ofServiceProject, string otherwise, Func<ConnectorReach, Verdict> judge)
    {
        var (reach, missing) = Of(subject, view);
        return [reach is null ? new Verdict.Unknown(missing!) : reach.IsOfServiceProject != ofServiceProject ? new Verdict.NotApplicable(otherwise) : judge(reach)];
    }

    /// <summary>The verdict on what must pass the firewall at the connector's VMs.</summary>
    /// <param name="otherwise">What is the case where some of it does not.</param>
    /// <param name="rule">What to call the rule that lets it pass.</param>
    /// <param name="flags">Direction, ports and ranges of that rule.</param>
    public Verdict Needs(TrafficDirection direction, FirewallEnd peer, IntervalSet<uint> traffic, string otherwise, string rule, string flags)
    {
        var answer = Ask(direction, peer, traffic);
        return !answer.Denied.IsEmpty
            ? new Verdict.Failed($"{otherwise}: {FirewallWords.Denied(answer)}") { Fix = $"gcloud compute firewall-rules create {rule} --project={Source.Network.Project} --network={Source.Network.Id} --target-tags={Connector.UniqueNetworkTag} --action=ALLOW {flags}" }
            : !answer.Unknown.IsEmpty ? new Verdict.Unknown(FirewallWords.Unknown(answer))
            : new Verdict.Passed();
    }

    /// <summary>What arrives at, or leaves, the connector's VMs; where it depends on the VM, every VM counts.</summary>
    public FirewallAnswer Ask(TrafficDirection direction, FirewallEnd peer, IntervalSet<uint> traffic) => Firewall.Answer(direction, Source.End, peer, traffic);

    /// <summary>What of the connector's TCP and UDP packets machines without tag or service account take.</summary>
    public FirewallAnswer AtPlainMachines() => Firewall.Answer(TrafficDirection.Ingress, FirewallEnd.Anywhere, Source.Peer, TcpAndUdp);

    /// <summary>Whether some machine, of whatever tag or service account, may take some of its TCP or UDP packets; null when that is not known.</summary>
    public bool? LetsIn()
    {
        var plain = AtPlainMachines();
        if (!plain.Allowed.IsEmpty)
        {
            return true;
        }

        var isUnknown = !plain.Unknown.IsEmpty;
        foreach (var line in Firewall.Lines(TrafficDirection.Ingress).Where(line => line.Action == FirewallAction.Allow))
        {
            var meets = line.Peers.Overlaps(Source.Addresses) || line.PeerTags.Any(tag => Source.Peer.Tags.Contains(tag));
            if (!meets || !line.Traffic.Overlaps(TcpAndUdp))
            {
                continue;
            }

            foreach (var own in Shadowing.Owns(line))
            {
                var answer = Firewall.Answer(TrafficDirection.Ingress, own, Source.Peer, line.Traffic.Intersect(TcpAndUdp));
                if (!answer.Allowed.IsEmpty)
                {
                    return true;
                }

                isUnknown |= !answer.Unknown.IsEmpty;
            }
        }

        return isUnknown ? null : false;
    }

    /// <summary>TCP and UDP, every port.</summary>
    public static IntervalSet<uint> TcpAndUdp { get; } = IntervalSet.Of(Traffic.OfProtocol(IpProtocol.Tcp).Intervals.Concat(Traffic.OfProtocol(IpProtocol.Udp).Intervals));

    /// <summary>"(Google's managed rules assumed)" where one that no list shows decided.</summary>
    public static string Note(FirewallAnswer answer) => answer.Decisions.Any(pair => pair.Decision.DecidedBy is { Assumed: true, Kind: FirewallDeciderKind.ManagedRule }) ? "; Google's managed rules are not listed and were assumed" : "";
}
