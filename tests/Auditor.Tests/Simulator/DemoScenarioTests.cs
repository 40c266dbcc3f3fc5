using System.Text.Json;
using System.Text.Json.Nodes;
using Auditor.Model;
using Auditor.Simulator;
using Auditor.Simulator.Demo;
using Auditor.Simulator.Entries;
using Microsoft.Extensions.Time.Testing;

namespace Auditor.Tests.Simulator;

public sealed class DemoScenarioTests
{
    [Fact]
    public void Steps_GiveTheSameBytesEachTime()
    {
        var (first, firstExport) = Play();
        var (second, secondExport) = Play();

        Assert.Equal(first.SelectMany(step => step), second.SelectMany(step => step));
        Assert.Equal(firstExport, secondExport);
    }

    [Fact]
    public void Resolves_NamesWhatAnEarlierStepOpened()
    {
        var open = new HashSet<ExpectedFinding>(DemoEstate.Baseline);
        foreach (var step in DemoScenario.Steps)
        {
            Assert.All(step.Resolves, finding => Assert.True(open.Remove(finding), $"{step.Name} resolves {finding}, which is not open."));
            Assert.All(step.Opens, finding => Assert.True(open.Add(finding), $"{step.Name} opens {finding}, which is open."));
        }

        Assert.Equal(DemoEstate.Baseline.Select(finding => finding.RuleId).Concat(["CON015", "FWL003"]).Order(StringComparer.Ordinal), open.Select(finding => finding.RuleId).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Opens_HasEveryRuleOfTheFirstSet() => Assert.Equal(
        ["CON001", "CON003", "CON007", "CON012", "CON013", "CON015", "EGR008", "FWL003", "FWL004", "NAT002"],
        DemoScenario.Steps.SelectMany(step => step.Opens).Select(finding => finding.RuleId).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void LogEntries_HaveEveryKindOfTrouble()
    {
        var steps = Play().Entries;
        var all = steps.SelectMany(step => step).Select(Parse).ToList();

        Assert.True(steps.Count(step => step.Count > 0) >= 14);
        Assert.Contains(all, entry => (int?)entry["protoPayload"]?["status"]?["code"] == 7 && entry["operation"] is null);
        Assert.Contains(all, entry => (string?)entry["severity"] == "ERROR" && entry["operation"]?["last"] is not null);
        Assert.Contains(all, entry => ((string)entry["logName"]!).EndsWith("data_access", StringComparison.Ordinal));
        Assert.Contains(all, entry => (string?)entry["protoPayload"]?["methodName"] == "v1.compute.instances.setMetadata");
        Assert.Contains(all, entry => entry["protoPayload"] is null);
        Assert.Contains(all, entry => ((string?)entry["protoPayload"]?["authenticationInfo"]?["principalEmail"])?.EndsWith("cloudservices.gserviceaccount.com", StringComparison.Ordinal) == true);
        var keys = all.Select(entry => $"{entry["logName"]} {entry["timestamp"]} {entry["insertId"]}").ToList();
        Assert.Equal(2, keys.Count - keys.Distinct().Count());
        Assert.Contains(steps, step => step.Count == 2 && Parse(step[0])["operation"]?["last"] is not null && Parse(step[1])["operation"]?["first"] is not null);
    }

    [Fact]
    public void LogEntries_HaveTheFieldsOfALogEntry() => Assert.All(Play().Entries.SelectMany(step => step).Select(Parse), entry =>
    {
        Assert.NotNull(entry["insertId"]);
        Assert.NotNull(entry["severity"]);
        Assert.NotNull(entry["resource"]!["labels"]!["project_id"]);
        Assert.True(DateTimeOffset.Parse((string)entry["receiveTimestamp"]!) > DateTimeOffset.Parse((string)entry["timestamp"]!));
        Assert.Equal(entry["protoPayload"] is null ? null : "type.googleapis.com/google.cloud.audit.AuditLog", (string?)entry["protoPayload"]?["@type"]);
    });

    [Fact]
    public void Opens_IsAboutWhatExistsAfterTheStep()
    {
        var cloud = DemoEstate.CreateCloud();
        foreach (var step in DemoScenario.Steps)
        {
            step.Apply(cloud);
            Assert.All(step.Opens, finding => Assert.NotNull(cloud.Find(ResourceName.Parse(finding.Resource))));
        }
    }

    [Fact]
    public void LogEntries_TellEveryChangeOfAStep()
    {
        var cloud = DemoEstate.CreateCloud();
        var entries = new AuditEntries(new FakeTimeProvider(new DateTimeOffset(2026, 11, 20, 9, 30, 0, TimeSpan.Zero)));
        foreach (var step in DemoScenario.Steps)
        {
            var before = cloud.Where(_ => true).ToDictionary(pair => pair.Key, pair => pair.Value.ToJsonString());
            step.Apply(cloud);
            var after = cloud.Where(_ => true).ToDictionary(pair => pair.Key, pair => pair.Value.ToJsonString());
            var told = string.Join('\n', step.LogEntries(entries).Select(bytes => JsonSerializer.Serialize(Parse(bytes))));

            // A new revision is told by its service; Google says nothing of a subnetwork's route and of the network's list.
            var changed = before.Keys.Union(after.Keys).Where(name => before.GetValueOrDefault(name) != after.GetValueOrDefault(name))
                .Where(name => name.Kind is not (ResourceKind.RunRevision or ResourceKind.Route or ResourceKind.Network));
            Assert.All(changed, name => Assert.Contains(name.Id, told));
        }
    }

    private static JsonObject Parse(byte[] json) => JsonNode.Parse(json)!.AsObject();

    private static (List<IReadOnlyList<byte[]>> Entries, string Export) Play()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 20, 9, 30, 0, TimeSpan.Zero));
        var cloud = DemoEstate.CreateCloud();
        var entries = new AuditEntries(time, seed: 3);
        var all = new List<IReadOnlyList<byte[]>>();
        foreach (var step in DemoScenario.Steps)
        {
            time.Advance(TimeSpan.FromMinutes(20));
            step.Apply(cloud);
            all.Add(step.LogEntries(entries));
        }

        return (all, AssetExport.Write(cloud));
    }
}
