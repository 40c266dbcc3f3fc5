using System.Text.Json;
using Auditor.Simulator.Demo;

namespace Auditor.EndToEnd;

/// <summary><c>auditor check</c> on files, good and bad: one sentence each, the rest still judged, no stack trace.</summary>
public sealed class CheckCommandTests : IDisposable
{
    private const string Connector = """{"name":"//vpcaccess.googleapis.com/projects/p1/locations/europe-west1/connectors/c","asset_type":"vpcaccess.googleapis.com/Connector","resource":{"data":{"name":"projects/p1/locations/europe-west1/connectors/c","network":"n","ipCidrRange":"10.8.0.0/28","state":"STATE","minInstances":2,"maxInstances":3}}}""";
    private const string Network = """{"name":"//compute.googleapis.com/projects/p1/global/networks/n","asset_type":"compute.googleapis.com/Network","resource":{"data":{"name":"n"}}}""";

    // Bounds what the connector reaches.
    private const string Fence = """{"name":"//compute.googleapis.com/projects/p1/global/firewalls/fence","asset_type":"compute.googleapis.com/Firewall","resource":{"data":{"name":"fence","network":"https://www.googleapis.com/compute/v1/projects/p1/global/networks/n","priority":990,"direction":"EGRESS","targetTags":["vpc-connector"],"destinationRanges":["10.0.0.0/8"],"denied":[{"IPProtocol":"tcp"}]}}}""";

    private readonly string _folder = Directory.CreateTempSubdirectory("auditor-check-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Json_HasTheDocumentedShape_InStableOrder()
    {
        File.WriteAllText(Path.Combine(_folder, "demo.ndjson"), DemoEstate.ToAssetExport());
        var (code, json, error) = await Command.RunAsync(_folder, "check", "--assets", "demo.ndjson", "--format", "json");
        Assert.Equal((1, ""), (code, error));
        using var document = JsonDocument.Parse(json);
        Assert.Equal(["findings", "gaps", "summary"], document.RootElement.EnumerateObject().Select(property => property.Name));
        var findings = document.RootElement.GetProperty("findings").EnumerateArray().ToList();
        Assert.Equal(
            ["rule", "title", "severity", "resource", "discriminator", "outcome", "because", "remediation", "evidence"],
            findings[0].EnumerateObject().Select(property => property.Name));
        Assert.Equal(
            DemoEstate.Baseline.Select(expected => (expected.RuleId, expected.Resource, expected.Discriminator, expected.Because)),
            findings.Where(finding => Text(finding, "outcome") == "failed").Select(finding => (Text(finding, "rule"), Text(finding, "resource"), Text(finding, "discriminator"), Text(finding, "because"))));

        // No export shows what routers have learned, what DNS is told to answer, nor who is in an instance group.
        Assert.Equal(
            [
                "CON004 what router yard-router of network harbor-vpc has learned was not read",
                "NAT007 what router yard-router of network harbor-vpc has learned was not read",
                "RTE005 the rules of DNS response policy harbor-overrides were not read",
                "TGT001 the members of instance group inventory-group were not read",
            ],
            findings.Where(finding => Text(finding, "outcome") == "unknown").Select(finding => $"{Text(finding, "rule")} {Text(finding, "because")}").Distinct());
        Assert.Equal(
            ["resources", "passed", "failed", "unknown", "notApplicable", "notEvaluated"],
            document.RootElement.GetProperty("summary").EnumerateObject().Select(property => property.Name));
        Assert.Equal(json, (await Command.RunAsync(_folder, "check", "--assets", "demo.ndjson", "--format", "json")).Out);

        static string Text(JsonElement finding, string name) => finding.GetProperty(name).GetString()!;
    }

    [Fact]
    public async Task Table_LeadsWithTheReason()
    {
        File.WriteAllText(Path.Combine(_folder, "a.ndjson"), $"{Connector.Replace("STATE", "ERROR", StringComparison.Ordinal)}\n{Network}\n");
        var (code, text, _) = await Command.RunAsync(_folder, "check", "--assets", "a.ndjson");
        Assert.Equal(1, code);
        Assert.StartsWith("HIGH CON001 connector c (p1, europe-west1)\n  because  the connector is in state ERROR\n  fix      gcloud compute networks vpc-access connectors delete c", text, StringComparison.Ordinal);
        Assert.Contains("2 resources: 1 failed, 0 unknown, 10 passed,", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CleanAndComplete_IsZero()
    {
        File.WriteAllText(Path.Combine(_folder, "a.ndjson"), $"{Connector.Replace("STATE", "READY", StringComparison.Ordinal)}\n{Network}\n{Fence}\n");
        Assert.Equal(0, (await Command.RunAsync(_folder, "check", "--assets", "a.ndjson")).Code);
    }

    [Fact]
    public async Task WhatCannotBeTold_IsThree()
    {
        File.WriteAllText(Path.Combine(_folder, "a.ndjson"), Connector.Replace("STATE", "READY", StringComparison.Ordinal));
        var (code, text, _) = await Command.RunAsync(_folder, "check", "--assets", "a.ndjson");
        Assert.Equal(3, code);
        Assert.Contains("project p1 was not read", text, StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(_folder, "fence.ndjson"), Fence);
        Assert.Equal(0, (await Command.RunAsync(_folder, "check", "--assets", "a.ndjson", "fence.ndjson", "--complete")).Code);
    }

    [Theory]
    [InlineData(null, "missing.json")]
    [InlineData("", "a.json")]
    [InlineData("hello, this is no JSON", "a.json")]
    [InlineData("[1, 2, 3]", "a.json")]
    public async Task NothingUsable_IsTwo_WithOneSentenceThatNamesTheFile(string? content, string file)
    {
        if (content is not null)
        {
            File.WriteAllText(Path.Combine(_folder, file), content);
        }

        var (code, text, error) = await Command.RunAsync(_folder, "check", "--assets", file);
        Assert.Equal((2, ""), (code, text));
        Assert.Contains(file, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NothingButUnknownProjectNumbers_IsTwo_AndSaysSo()
    {
        File.WriteAllText(Path.Combine(_folder, "run.json"), """[{"apiVersion":"serving.knative.dev/v1","kind":"Service","metadata":{"name":"api","namespace":"123456","labels":{"cloud.googleapis.com/location":"us-central1"}}}]""");
        var (code, _, error) = await Command.RunAsync(_folder, "check", "--assets", "run.json");
        Assert.Equal(2, code);
        Assert.Contains("project number 123456 belongs to no project in the input", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ATruncatedFile_NamesTheLine_AndTheRestIsJudged()
    {
        File.WriteAllText(Path.Combine(_folder, "a.ndjson"), $"{Network}\n{Connector.Replace("STATE", "ERROR", StringComparison.Ordinal)}\n{Network[..40]}");
        var (code, text, error) = await Command.RunAsync(_folder, "check", "--assets", "a.ndjson");
        Assert.Equal(1, code);
        Assert.Contains("CON001", text, StringComparison.Ordinal);
        Assert.Contains("a.ndjson", error, StringComparison.Ordinal);
        Assert.Contains("line 3", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AResourceThatMakesNoSense_IsAGap_AndTheRestIsJudged()
    {
        File.WriteAllText(
            Path.Combine(_folder, "a.ndjson"),
            $"{Network}\n{Connector.Replace("STATE", "ERROR", StringComparison.Ordinal)}\n{Connector.Replace("connectors/c", "connectors/odd", StringComparison.Ordinal).Replace("10.8.0.0/28", "ten", StringComparison.Ordinal)}\n");
        var (code, text, _) = await Command.RunAsync(_folder, "check", "--assets", "a.ndjson");
        Assert.Equal(1, code);
        Assert.Contains("CON001", text, StringComparison.Ordinal);
        Assert.Contains("ipCidrRange is \"ten\"", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("check")]
    [InlineData("check", "--assets")]
    [InlineData("nonsense")]
    [InlineData("check", "--assets", "x", "--format", "sculpture")]
    [InlineData("explain", "CON999")]
    [InlineData("findings", "--ledger", "none.db")]
    public async Task AWrongCall_IsTwo_WithASentence(params string[] arguments)
    {
        var (code, _, error) = await Command.RunAsync(_folder, arguments);
        Assert.Equal(2, code);
        Assert.StartsWith("auditor: ", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }
}
