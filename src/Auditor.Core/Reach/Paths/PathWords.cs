using Auditor.Model;
using Auditor.Network;

namespace Auditor.Reach.Paths;

/// <summary>The words in which answers about paths are written.</summary>
public static class PathWords
{
    /// <summary>"egress-firewall".</summary>
    public static string ToWord(this PathStage stage) => stage switch
    {
        PathStage.Name => "name",
        PathStage.Egress => "egress",
        PathStage.Attachment => "attachment",
        PathStage.EgressFirewall => "egress-firewall",
        PathStage.Route => "route",
        PathStage.IngressFirewall => "ingress-firewall",
        PathStage.Target => "target",
        PathStage.Internet => "internet",
        _ => "google-apis",
    };

    /// <summary>"reachable".</summary>
    public static string ToWord(this PathEffect effect) => effect switch
    {
        PathEffect.Reachable => "reachable",
        PathEffect.Blocked => "blocked",
        PathEffect.Partial => "partial",
        _ => "unknown",
    };

    /// <summary>"connector conn", "Direct VPC egress on subnet", "none".</summary>
    public static string Attachment(VpcAccess? access) => access is null ? "none"
        : access.Connector is { } connector ? $"connector {connector.Id}" : $"Direct VPC egress on {(access.Subnetwork ?? access.Network)?.Id ?? "an unnamed network"}";

    /// <summary>"all-traffic", "private-ranges-only", "none".</summary>
    public static string Egress(VpcAccess? access) => access?.Egress.ToWord() ?? "none";

    /// <summary>Why an answer is what it is, one sentence without full stop: what decides, for which sources where that is not all.</summary>
    public static string Why(ReachFlow flow)
    {
        var part = flow.Answer.Telling;
        var end = part.End!;
        var of = flow.Answer.Disposition == PathEffect.Partial && part.Sources is { } sources && flow.Answer.Parts.Any(other => other.Sources is { } theirs && theirs != sources) ? $"{Sources(sources)}: " : "";
        return of + (end.Effect switch
        {
            PathEffect.Reachable => end.DecidedBy is null ? "delivered by Google, not through a VPC" : $"{(end.Stage is PathStage.Internet or PathStage.GoogleApis ? "through" : "at")} {flow.WordsOf(end.DecidedBy)}",
            PathEffect.Unknown => string.Join("; ", end.Because),
            _ => $"{end.Reason} by {flow.WordsOf(end.DecidedBy)}",
        }) + Passing(flow);
    }

    // Of a target whose port nobody knows: where it can be reached all the same.
    private static string Passing(ReachFlow flow)
    {
        if (!flow.Target.IsWithoutPort || flow.Answer.Disposition != PathEffect.Partial)
        {
            return "";
        }

        var passing = flow.Answer.Of(PathEffect.Reachable).Select(part => part.Traffic).Aggregate(default(IntervalSet<uint>), (all, traffic) => all.Union(traffic)).Intervals.SelectMany(TrafficPiece.Of).Select(piece => piece.ToString()).ToList();
        return passing.Count == 0 ? "" : $"; passes on {string.Join(", ", passing.Take(4))}{(passing.Count > 4 ? $" and {passing.Count - 4} more" : "")}";
    }

    /// <summary>IPv4 addresses as spans; the first three and how many more.</summary>
    public static string Sources(AddressSet addresses)
    {
        var spans = addresses.V4.Intervals.Select(interval => interval.First == interval.Last ? Text(interval.First) : $"{Text(interval.First)}-{Text(interval.Last)}").ToList();
        return string.Join(", ", spans.Take(3)) + (spans.Count > 3 ? $" and {spans.Count - 3} more spans" : "");

        static string Text(uint address) => IpRange.Of(isV6: false, address, 32).Address;
    }
}
