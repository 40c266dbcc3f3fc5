using System.Text.Json.Nodes;
using Auditor.Changes;
using Auditor.Model;
using Auditor.Tests.Changes;

namespace Auditor.Tests.Corpus;

/// <summary>Every recorded audit entry becomes a change or a stated reason, and the one that was expected.</summary>
public sealed class AuditEntryCorpusTests
{
    /// <summary>Groups of methods that Google's catalog of audited methods lacks: newer than the catalog, or known from the service's own page, a recorded entry, or by analogy.</summary>
    private static readonly string[] s_notInCatalog =
    [
        "cloudfunctions.googleapis.com google.cloud.functions.FunctionService 2",
        "cloudresourcemanager.googleapis.com google.cloud.resourcemanager.Folders 1",
        "compute.googleapis.com compute.firewallPolicies 10",
        "compute.googleapis.com compute.instances 2",
        "container.googleapis.com google.container.ClusterManager 10",
        "dns.googleapis.com dns.resourceRecordSets 4",
        "memorystore.googleapis.com google.cloud.memorystore.Memorystore 3",
        "orgpolicy.googleapis.com google.cloud.orgpolicy.OrgPolicy 6",
        "run.googleapis.com google.cloud.run.Jobs 1",
        "run.googleapis.com google.cloud.run.WorkerPools 5",
        "servicenetworking.googleapis.com google.cloud.servicenetworking.ServicePeeringManager 3",
    ];

    [Fact]
    public void Entries_BecomeAChangeOrAReason()
    {
        var outcomes = AuditEntries.In(CorpusFolder.Require()).Select(found => (found.File, Outcome: Outcome(AuditEntries.Restored(found.Entry)))).ToArray();
        foreach (var group in outcomes.GroupBy(pair => pair.Outcome.Kind).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            Print($"{group.Count(),4} {group.Key}");
        }

        Assert.InRange(outcomes.Length, 80, int.MaxValue);
        Assert.Contains(outcomes, pair => pair.Outcome.Kind == "read now");
        Assert.All(outcomes, pair => Assert.NotEmpty(pair.Outcome.Words));
    }

    [Fact]
    public void Entries_AreUnderstood_UnlessTheirPublisherCutThem() => Assert.Empty(
        from found in AuditEntries.In(CorpusFolder.Require())
        where ((string?)found.Entry["logName"])?.Contains("/logs/", StringComparison.Ordinal) is true && found.Entry["protoPayload"]!.AsObject().ContainsKey("serviceName")
        from reading in AuditEventReader.Read(AuditEntries.Restored(found.Entry)).OfType<AuditReading.NotUnderstood>()
        select $"{found.File}: {reading}");

    [Fact]
    public void Entries_SayTheSame_InEveryEnvelope()
    {
        foreach (var (file, entry) in AuditEntries.In(CorpusFolder.Require()))
        {
            var json = AuditEntries.Restored(entry);
            var bare = AuditEventReader.Read(json);
            foreach (var envelope in EventFixtures.Envelopes)
            {
                var wrapped = AuditEventReader.Read(envelope.Value(EventFixtures.Encode(json)));
                Assert.True(wrapped.Count == 1 && wrapped[0].GetType() == bare[0].GetType() && (bare[0] is AuditReading.NotUnderstood || wrapped[0].Equals(bare[0])), $"{file} in {envelope.Key}");
            }
        }
    }

    [Fact]
    public void Files_AreReadWhole()
    {
        var corpus = CorpusFolder.Require();
        var readings = AuditEventReader.Read(File.ReadAllBytes(Path.Combine(corpus, "gcpdiag", "test-data", "gce2", "json-dumps", "logging-entries-1.json")));

        Assert.Equal(7, readings.Count);
        Assert.All(readings, reading => Assert.IsType<AuditReading.Understood>(reading));
        Assert.Single(AuditEventReader.Read(File.ReadAllBytes(Path.Combine(corpus, "google-cloudevents", "examples", "structured", "audit", "LogEntryData-bigqueryjobcompleted.json"))));
    }

    [Fact]
    public void ExpectedResources_AreFound()
    {
        var corpus = CorpusFolder.Require();
        int agreed = 0, uncovered = 0;
        foreach (var expected in JsonNode.Parse(File.ReadAllText(Path.Combine(corpus, "expected", "event_to_resource.json")))!.AsArray())
        {
            var file = (string)expected!["file"]!;
            var entry = JsonNode.Parse(File.ReadAllText(Path.Combine(corpus, file)))!.AsObject();
            if (AuditEventReader.Read(AuditEntries.Restored(entry)) is not [AuditReading.Understood read] || ChangeDecoder.Decode(read.Event) is not ChangeDecoding.Decoded { Change: var change })
            {
                uncovered++;
                Print($"not covered: {file} {(string?)expected["resource_type"]} {(string?)entry["protoPayload"]?["methodName"]}");
                continue;
            }

            agreed++;
            var name = Assert.Single(change.Resources);
            if ((string?)expected["resource_type"] is { } type)
            {
                Assert.Equal((string?)expected["name"], name.Id);
                Assert.True(name.Kind == ResourceKind.Other ? name.Host == type[..type.IndexOf('/', StringComparison.Ordinal)] : KindTable.OfAssetType(type) == name.Kind, $"{file}: {name} is no {type}");
            }
        }

        Print($"{agreed} agree, {uncovered} are of services and methods the auditor does not watch");
        Assert.True(agreed >= 8, $"only {agreed} agree");
    }

    [Fact]
    public void Table_HoldsMethodsOfTheCatalog()
    {
        var catalog = JsonNode.Parse(File.ReadAllText(Path.Combine(CorpusFolder.Require(), "google-cloudevents", "json", "audit", "service_catalog.json")))!["services"]!.AsArray()
            .SelectMany(service => service!["methods"]!.AsArray().Select(method => (Service: (string)service["serviceName"]!, Method: (string)method!["methodName"]!))).ToArray();
        var known = catalog.Where(pair => ChangeTable.Find(pair.Service, pair.Method) is not null).ToArray();
        var listed = ChangeTable.Rows.SelectMany(row => row.Methods.Select(method => (row, method))).ToArray();
        var missing = listed
            .Where(pair => !known.Any(entry => ReferenceEquals(ChangeTable.Find(entry.Service, entry.Method), pair.row) && entry.Method.EndsWith($".{pair.method}", StringComparison.Ordinal) || (entry.Service == pair.row.Service && entry.Method == pair.method)))
            .Select(pair => $"{pair.row.Service} {pair.row.MethodName(pair.method, version: null)}").Order(StringComparer.Ordinal).ToArray();

        Print($"{catalog.Length} methods in the catalog, {known.Length} of them watched; {listed.Length} in the table, {missing.Length} of them not in the catalog");
        Assert.Equal(s_notInCatalog, missing.GroupBy(name => name[..name.LastIndexOf('.')], StringComparer.Ordinal).Select(group => $"{group.Key} {group.Count()}"));
    }

    private static (string Kind, string Words) Outcome(string json) => Assert.Single(AuditEventReader.Read(json)) switch
    {
        AuditReading.Irrelevant irrelevant => ("irrelevant", irrelevant.Reason),
        AuditReading.NotUnderstood refused => ("not understood", refused.ToString()),
        AuditReading.Understood read => ChangeDecoder.Decode(read.Event) switch
        {
            ChangeDecoding.NotCovered uncovered => ("not covered", uncovered.Reason),
            ChangeDecoding.Decoded { Change: var change } => (change.Trigger switch
            {
                Trigger.ReadNow => "read now",
                Trigger.AwaitLast => "await last",
                Trigger.RecordOnly only => only.IsRefusal ? "refused" : $"record only ({only.Reason})",
                _ => "",
            }, $"{change.Describe()} -> {string.Join(' ', change.Resources)}"),
            _ => ("", ""),
        },
        _ => ("", ""),
    };

    private static void Print(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);
}
