using Auditor.Alerts;
using Auditor.Findings;

namespace Auditor.Tests.Adapters.Channels;

/// <summary>A good alert that channel tests start from.</summary>
internal static class SampleAlert
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    public static readonly ChangeReference Reference = new()
    {
        EventKey = "k",
        OccurredAt = Noon,
        Method = "DeleteConnector",
        Principal = "ops@example.com",
        CallerIp = "203.0.113.9",
    };

    public static readonly AlertItem Item = new(
        "f1", TransitionKind.Opened, "CON012", "Referenced connector exists", Severity.High, "//run.googleapis.com/projects/p1/locations/europe-west1/services/shop", "rev-1",
        "it names connector conn, which does not exist", "Create the connector, or name another.\ngcloud run services update SERVICE --vpc-connector=CONNECTOR", null);

    public static readonly Alert Problem = new()
    {
        Id = "a1",
        Kind = AlertKind.Problem,
        Severity = Severity.High,
        Title = "CON012 Cloud Run service shop: it names connector conn, which does not exist",
        Cause = new Cause(CauseKind.Change, [Reference]),
        RecordedAt = Noon.AddSeconds(2.5),
        Items = [Item],
    };
}
