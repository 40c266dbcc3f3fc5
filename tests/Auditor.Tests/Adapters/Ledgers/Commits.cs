using System.Text.Json;
using Auditor.Alerts;
using Auditor.Changes;
using Auditor.Findings;
using Auditor.Ledger;
using Auditor.Model;
using static Auditor.Tests.Rules.Scene;

namespace Auditor.Tests.Adapters.Ledgers;

/// <summary>Entries and commits that ledger tests start from.</summary>
internal static class Commits
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    public static readonly Transition Opened = new()
    {
        FindingId = Finding.IdOf("CON001", ConnectorName, ""),
        Number = 0,
        Kind = TransitionKind.Opened,
        RuleId = "CON001",
        Resource = ConnectorName,
        Discriminator = "",
        Severity = Severity.High,
        Because = "the connector is in state ERROR",
        Occurred = Occurrence.At(Noon),
        RecordedAt = Noon.AddTicks(1),
        Cause = new Cause(CauseKind.Change, [new ChangeReference { EventKey = "k", OccurredAt = Noon, Method = "UpdateConnector", Resources = [ConnectorName], Principal = "ops@example.com" }]),
        Evidence = ["object //x/y"],
    };

    public static readonly Transition Resolved = Opened with { Number = 1, Kind = TransitionKind.Resolved, Reason = ResolveReason.Fixed, Occurred = Occurrence.At(Noon.AddMinutes(1)) };

    public static readonly Transition Reopened = Opened with { Number = 2, Kind = TransitionKind.Reopened, Because = "the connector is in state ERROR again", Occurred = new Occurrence(Noon.AddMinutes(2), null) };

    public static Change Change(string key, DateTimeOffset occurredAt) => new()
    {
        EventKey = key,
        DedupKey = key,
        OccurredAt = occurredAt,
        ServiceName = "vpcaccess.googleapis.com",
        MethodName = "google.cloud.vpcaccess.v1.VpcAccessService.UpdateConnector",
        Principal = new EventPrincipal("ops@example.com", null, false),
        Status = new EventStatus(7, "denied: \"näh\""),
        Resources = [ConnectorName],
        Trigger = new Trigger.ReadNow(),
        Verb = ChangeVerb.Changed,
    };

    public static InboxEntry Entry(string key, DateTimeOffset occurredAt) => new(key, Change(key, occurredAt), occurredAt, occurredAt.AddSeconds(5));

    /// <summary>An operation's first entry, which waits for its last.</summary>
    public static InboxEntry First(string key, DateTimeOffset occurredAt, string operation) => new(
        key, Change(key, occurredAt) with { OperationId = operation, IsFirst = true, Trigger = new Trigger.AwaitLast(TimeSpan.FromMinutes(10)) }, occurredAt.AddMinutes(10), occurredAt);

    public static InboxEntry Last(string key, DateTimeOffset occurredAt, string operation) => new(
        key, Change(key, occurredAt) with { OperationId = operation, IsLast = true }, occurredAt, occurredAt);

    public static ResourceVersion Version(ResourceName name, string? json) => new(name, json is null ? null : JsonElement.Parse(json), Noon, null);

    public static OutboxItem Owed(string alert, string channel = "console") => new(
        new Alert { Id = alert, Kind = AlertKind.Problem, Severity = Severity.High, Title = "<b>CON001 & co.</b>", Cause = Opened.Cause, RecordedAt = Noon, Items = [], Counts = [new SeverityCount(Severity.Low, 2)] }, channel);

    /// <summary>The commit after a head.</summary>
    public static Commit After(Head head, Lease lease) => new()
    {
        Seq = head.Seq + 1,
        Epoch = lease.Epoch,
        PreviousHash = head.Hash,
        RecordedAt = Noon.AddTicks(1234567),
        Kind = CauseKind.Change,
    };

    /// <summary>A commit with something of everything.</summary>
    public static Commit Full(Head head, Lease lease) => After(head, lease) with
    {
        Consumed = ["k"],
        Changes = [Change("k", Noon), First("f", Noon, "op").Change, Change("r", Noon) with { Trigger = new Trigger.RecordOnly("it was refused", true), Principal = null, Status = null }],
        Resources =
        [
            Version(ConnectorName, """{"name":"connectors/größe","state":"READY","text":"\u0001\u2028 <&> 😀","number":1.50}"""),
            Version(ServiceName, null),
        ],
        Coverage = new Coverage(["p1", "p2"], [new Gap(new GapScope(ResourceKind.Firewall, "p1"), "permission compute.firewalls.list is missing"), new Gap(new GapScope(Resource: ServiceName), "503")]),
        Transitions = [Opened],
        Outbox = [Owed("a"), Owed("a", "hook")],
    };
}
