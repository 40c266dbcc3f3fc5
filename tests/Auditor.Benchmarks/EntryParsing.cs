using System.Text.Json;
using System.Text.Json.Nodes;
using Auditor.Benchmarks.Harness;
using Auditor.Changes;
using Auditor.Model;
using Auditor.Simulator.Entries;

namespace Auditor.Benchmarks;

/// <summary>From the body of a push to the change it tells: envelope, base64, log entry, table of methods.</summary>
internal static class EntryParsing
{
    private const int Operations = 2_000;

    public static Row Measure()
    {
        var bodies = Bodies();
        var keys = new HashSet<string>(StringComparer.Ordinal);
        var understood = 0;
        foreach (var body in bodies)
        {
            if (Read(body) is { Resources.IsEmpty: false } change)
            {
                understood++;
                keys.Add(change.DedupKey);
            }
        }

        var read = Sample.Of(3, 9, () =>
        {
            foreach (var body in bodies)
            {
                Read(body);
            }
        });
        var scan = Sample.Of(3, 9, () =>
        {
            foreach (var body in bodies)
            {
                Scan(body);
            }
        });
        return new Row(
            "audit entries to changes", $"{bodies.Count:N0} pushes", bodies.Count / read.Median.TotalSeconds, "entries/s", bodies.Count / scan.Median.TotalSeconds, "tokens and base64 only",
            Gate.Of("all understood, all distinct", understood == bodies.Count && keys.Count == bodies.Count, $"{understood} of {bodies.Count} understood, {keys.Count} distinct"));
    }

    private static Change? Read(byte[] body) =>
        AuditEventReader.Read(body) is [AuditReading.Understood { Event: var entry }] && ChangeDecoder.Decode(entry) is ChangeDecoding.Decoded { Change: var change } ? change : null;

    // The least that must happen to the same bytes: every token of the envelope, the base64, every token of the entry.
    private static void Scan(byte[] body)
    {
        var reader = new Utf8JsonReader(body);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("data"u8) && reader.Read())
            {
                var inner = new Utf8JsonReader(reader.GetBytesFromBase64());
                while (inner.Read())
                {
                }
            }
        }
    }

    private static List<byte[]> Bodies()
    {
        var entries = new AuditEntries(TimeProvider.System, seed: 7);
        var bodies = new List<byte[]>(2 * Operations);
        for (var i = 0; i < Operations; i++)
        {
            bodies.AddRange(entries.Operation(Call(i)).InOrder.Select(entry => PubSubPush.Body(entry)));
        }

        return bodies;
    }

    private static AuditCall Call(int i) => (i % 3) switch
    {
        0 => AuditCalls.Compute("patch", ResourceName.Of(ResourceKind.Firewall, "vpc-host-000", $"rule-{i}"), new JsonObject
        {
            ["name"] = $"rule-{i}",
            ["network"] = "projects/vpc-host-000/global/networks/shared-000",
            ["priority"] = 1000,
            ["sourceRanges"] = new JsonArray("10.0.48.0/28"),
            ["allowed"] = new JsonArray(new JsonObject { ["IPProtocol"] = "tcp", ["ports"] = new JsonArray("5432", "6379") }),
        }),
        1 => AuditCalls.Connector("CreateConnector", ResourceName.Of(ResourceKind.Connector, "vpc-host-000", "us-central1", $"conn-{i}"), new JsonObject
        {
            ["network"] = "shared-000",
            ["ipCidrRange"] = "10.0.48.0/28",
            ["minInstances"] = 2,
            ["maxInstances"] = 10,
        }),
        _ => AuditCalls.RunService("UpdateService", ResourceName.Of(ResourceKind.RunService, "app-a-000", "us-central1", $"service-{i}"), new JsonObject
        {
            ["name"] = $"projects/app-a-000/locations/us-central1/services/service-{i}",
            ["template"] = new JsonObject
            {
                ["containers"] = new JsonArray(new JsonObject { ["image"] = "us-central1-docker.pkg.dev/app-a-000/apps/service" }),
                ["vpcAccess"] = new JsonObject { ["connector"] = "projects/vpc-host-000/locations/us-central1/connectors/conn-1", ["egress"] = "ALL_TRAFFIC" },
            },
        }),
    };
}
