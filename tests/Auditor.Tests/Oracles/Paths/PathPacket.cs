using System.Collections.Immutable;
using System.Globalization;
using Auditor.Tests.Oracles.Firewall;

namespace Auditor.Tests.Oracles.Paths;

/// <summary>One packet of a workload: IPv4, as numbers.</summary>
/// <param name="Workload">Full resource name of the revision, job, worker pool or first-generation function.</param>
/// <param name="Source">A usable address of the workload's attachment; null where it has none.</param>
/// <param name="Protocol">IANA number.</param>
/// <param name="Port">Destination port; 0 where the protocol has none.</param>
/// <param name="Target">Full name of the resource that was asked for; null when only the address was.</param>
/// <param name="GoogleApis">Whether the destination is that of a default name of Google's APIs.</param>
internal sealed record PathPacket(string Workload, uint? Source, uint Destination, byte Protocol, ushort Port, string? Target = null, bool GoogleApis = false)
{
    public static PathPacket Tcp(string workload, string? source, string destination, int port, string? target = null) =>
        new(workload, source is null ? null : Ranges.Ip(source), Ranges.Ip(destination), 6, (ushort)port, target);

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Workload} from {(Source is { } source ? new Address(false, source).ToString() : "nowhere")} to {(GoogleApis ? "Google APIs at " : "")}{new Address(false, Destination)} protocol {Protocol} port {Port}{(Target is null ? "" : $", asked for {Target}")}");
}

/// <summary>What becomes of a packet on its whole path.</summary>
internal enum Effect
{
    Reachable,
    Blocked,
    Partial,
    Unknown,
}

/// <summary>The stages' names.</summary>
internal static class Stages
{
    public const string Egress = "egress";
    public const string Attachment = "attachment";
    public const string EgressFirewall = "egress-firewall";
    public const string Route = "route";
    public const string IngressFirewall = "ingress-firewall";
    public const string Target = "target";
    public const string Internet = "internet";
    public const string GoogleApis = "google-apis";
}

/// <summary>The whole path's answer.</summary>
/// <param name="Stage">Where it was decided. Of a reachable packet: where the path ended.</param>
/// <param name="Reason">Google's reason code when blocked; words when unknown; null when nothing is to be said.</param>
/// <param name="DecidedBy">Short name of the deciding object when blocked.</param>
/// <param name="MayDecide">Every name that is right; holds <paramref name="DecidedBy"/>.</param>
internal sealed record PathAnswer(Effect Effect, string Stage, string? Reason, string? DecidedBy, ImmutableHashSet<string> MayDecide)
{
    public static PathAnswer Reachable(string stage, string? reason = null) => new(Effect.Reachable, stage, reason, null, []);

    public static PathAnswer Blocked(string stage, string reason, string decider, params IEnumerable<string> orBy) => new(Effect.Blocked, stage, reason, decider, [decider, .. orBy]);

    public static PathAnswer Unknown(string stage, string because) => new(Effect.Unknown, stage, because, null, []);

    public override string ToString() => $"{Effect} at {Stage}: {Reason} by {DecidedBy} ({string.Join(", ", MayDecide)})";

    /// <summary>
    /// What several ways that share the traffic give together: all alike that, some through and some not partial, and otherwise unknown. The first by name decides.
    /// </summary>
    public static PathAnswer Together(string stage, IReadOnlyCollection<(string Name, PathAnswer Answer)> ways)
    {
        var sorted = ways.OrderBy(way => way.Name, StringComparer.Ordinal).Select(way => way.Answer).ToList();
        if (sorted.Exists(answer => answer.Effect is Effect.Reachable or Effect.Partial) && sorted.Exists(answer => answer.Effect is Effect.Blocked or Effect.Partial))
        {
            return new PathAnswer(Effect.Partial, stage, null, null, []);
        }

        return sorted.Find(answer => answer.Effect is Effect.Unknown) ?? sorted[0];
    }
}
