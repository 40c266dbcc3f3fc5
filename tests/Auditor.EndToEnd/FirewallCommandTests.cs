using System.Text.Json;
using Auditor.Simulator.Demo;

namespace Auditor.EndToEnd;

/// <summary><c>auditor firewall</c> as people and programs call it.</summary>
public sealed class FirewallCommandTests : IDisposable
{
    private const string Effective = """
        {"firewalls":[
          {"name":"low","network":"https://www.googleapis.com/compute/v1/projects/p1/global/networks/n","priority":900,"sourceRanges":["10.8.0.0/29"],"allowed":[{"IPProtocol":"tcp","ports":["5432"]}]},
          {"name":"shut","network":"https://www.googleapis.com/compute/v1/projects/p1/global/networks/n","priority":950,"sourceRanges":["10.0.0.0/8"],"denied":[{"IPProtocol":"all"}]},
          {"name":"late","network":"https://www.googleapis.com/compute/v1/projects/p1/global/networks/n","sourceRanges":["10.8.0.0/28"],"allowed":[{"IPProtocol":"tcp"}]}],
         "firewallPolicys":[{"name":"7","shortName":"org","type":"HIERARCHY","rules":[{"priority":1,"action":"deny","direction":"INGRESS","match":{"srcFqdns":["bad.example.com"],"layer4Configs":[{"ipProtocol":"udp"}]}}]}]}
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("auditor-firewall-").FullName;

    public FirewallCommandTests() => File.WriteAllText(Path.Combine(_folder, "effective.json"), Effective);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Json_IsExact_AndNamesWhatDecides()
    {
        var (code, json, error) = await AskAsync("--direction", "ingress", "--peer", "10.8.0.0/28", "--port", "tcp:5432", "--format", "json");
        Assert.Equal((0, ""), (code, error));
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        Assert.Equal(["network", "action", "decidedBy", "assumed", "allowed", "denied", "unknown", "assumptions"], root.EnumerateObject().Select(property => property.Name));
        Assert.Equal(("mixed", JsonValueKind.Null, false), (root.GetProperty("action").GetString(), root.GetProperty("decidedBy").ValueKind, root.GetProperty("assumed").GetBoolean()));
        Assert.Equal("""{"protocol":"tcp","ports":["5432"],"peers":["10.8.0.0/29"],"decidedBy":"low","assumed":false}""", Compact(Assert.Single(root.GetProperty("allowed").EnumerateArray())));
        Assert.Equal("""{"protocol":"tcp","ports":["5432"],"peers":["10.8.0.8/29"],"decidedBy":"shut","assumed":false}""", Compact(Assert.Single(root.GetProperty("denied").EnumerateArray())));
    }

    /// <summary>Flows of a moment: what a step of the demonstration opened was shut before it.</summary>
    [Fact]
    public async Task ALedger_IsAskedAsItWasAtAMoment()
    {
        var ledger = Path.Combine(_folder, "auditor.db");
        DateTimeOffset before;
        await using (var demo = await Auditor.Cli.Hosting.Demonstration.StartAsync(ledger, TestContext.Current.CancellationToken))
        {
            await demo.SweepAsync(TestContext.Current.CancellationToken);
            await Task.Delay(5, TestContext.Current.CancellationToken);
            before = TimeProvider.System.GetUtcNow();
            await Task.Delay(5, TestContext.Current.CancellationToken);
            var name = Auditor.Model.ResourceName.Of("compute.googleapis.com", "projects/harbor-net/global/firewalls/busy-0");
            var busy = new Faults.BusyCloud(1);
            demo.Cloud.Insert(name, busy.Cloud.Find(name)!);
            await demo.SweepAsync(TestContext.Current.CancellationToken);
        }

        string[] question = ["firewall", "--ledger", "auditor.db", "--network", "harbor-vpc", "--direction", "ingress", "--peer", "10.8.0.40", "--port", "tcp:8443", "--target-tag", "partner-api", "--format", "json"];
        var now = await Command.RunAsync(_folder, question);
        var then = await Command.RunAsync(_folder, [.. question, "--as-of", Timestamps.Format(before)]);
        Assert.Equal(("allow", "deny"), (Action(now.Out), Action(then.Out)));
        Assert.Equal(now.Out, (await Command.RunAsync(_folder, [.. question, "--as-of", "2999-01-01"])).Out);
        Assert.Equal((2, "auditor: --as-of and --known-at are about a ledger; --ledger names one.\n"), Usage(await AskAsync("--as-of", "2026-01-01")));
        Assert.Equal((2, "auditor: either --assets or --ledger is needed.\n"), Usage(await Command.RunAsync(_folder, "firewall", "--network", "n")));

        static (int, string) Usage((int Code, string Out, string Error) answer) => (answer.Code, answer.Error);

        static string? Action(string json)
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.GetProperty("action").GetString();
        }
    }

    [Fact]
    public async Task OneDecider_StandsAtTheTop()
    {
        var (code, json, _) = await AskAsync("--direction", "ingress", "--peer", "10.8.0.9", "--port", "tcp:5432", "--format", "json");
        using var document = JsonDocument.Parse(json);
        Assert.Equal((0, "deny", "shut"), (code, document.RootElement.GetProperty("action").GetString(), document.RootElement.GetProperty("decidedBy").GetString()));
    }

    [Fact]
    public async Task WhatCannotBeDecided_IsUnknown_NamesTheFeature_AndIsThree()
    {
        var (code, json, _) = await AskAsync("--direction", "egress", "--peer", "10.9.9.9", "--port", "udp:53", "--format", "json");
        Assert.Equal(0, code);
        File.WriteAllText(Path.Combine(_folder, "effective.json"), Effective.Replace("INGRESS", "EGRESS", StringComparison.Ordinal).Replace("srcFqdns", "destFqdns", StringComparison.Ordinal));
        (code, json, _) = await AskAsync("--direction", "egress", "--peer", "10.9.9.9", "--port", "udp:53", "--format", "json");
        using var document = JsonDocument.Parse(json);
        Assert.Equal((3, "unknown"), (code, document.RootElement.GetProperty("action").GetString()));
        Assert.Equal("firewall policy rule org/1 selects by FQDN", document.RootElement.GetProperty("unknown")[0].GetProperty("because")[0].GetString());
    }

    [Fact]
    public async Task Shadowed_ListsWhatCoversARule_AndIsOne()
    {
        var (code, json, _) = await AskAsync("--shadowed", "--format", "json");
        using var document = JsonDocument.Parse(json);
        var shadow = Assert.Single(document.RootElement.GetProperty("shadowed").EnumerateArray());
        Assert.Equal((1, "late", "fully", "low,shut"), (code, shadow.GetProperty("rule").GetString(), shadow.GetProperty("shadowed").GetString(), string.Join(',', shadow.GetProperty("coveredBy").EnumerateArray().Select(item => item.GetString()))));
        Assert.Contains("firewall rule late (priority 1000)", (await AskAsync("--shadowed")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Table_SaysWhatPasses_WithAnExample()
    {
        var (code, text, _) = await AskAsync("--direction", "ingress", "--peer", "10.8.0.0/28", "--port", "tcp:5432");
        Assert.Equal(0, code);
        Assert.Contains("10.8.0.0/29", text, StringComparison.Ordinal);
        Assert.Contains("firewall rule shut (priority", text, StringComparison.Ordinal);
        Assert.EndsWith("mixed on network n (p1)\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnExport_WithAConnector_TellsThatItsRulesAreAssumed()
    {
        File.WriteAllText(Path.Combine(_folder, "demo.ndjson"), DemoEstate.ToAssetExport());
        var (code, json, _) = await Command.RunAsync(_folder, "firewall", "--assets", "demo.ndjson", "--network", "data-vpc", "--direction", "ingress", "--peer", "10.60.0.0/28", "--port", "tcp:443", "--target-tag", "nobody", "--format", "json");
        using var document = JsonDocument.Parse(json);
        Assert.Equal((0, "allow"), (code, document.RootElement.GetProperty("action").GetString()));
        Assert.Contains("sbntfw", document.RootElement.GetProperty("decidedBy").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--network is 'm'; one of these was expected: projects/p1/global/networks/n.", "--network", "m", "--shadowed")]
    [InlineData("--direction is 'up'; ingress or egress was expected.", "--network", "n", "--direction", "up")]
    [InlineData("--direction ingress or --direction egress is needed (or --shadowed).", "--network", "n")]
    [InlineData("--peer is needed: an address or CIDR block of the other end.", "--network", "n", "--direction", "ingress")]
    [InlineData("--peer is '10.8'; an address or CIDR block such as 10.8.0.0/28 was expected.", "--network", "n", "--direction", "ingress", "--peer", "10.8")]
    [InlineData("--port is 'icmp:5'; a protocol with or without ports was expected, such as tcp:5432, udp:53-60, icmp, 47 or all.", "--network", "n", "--direction", "ingress", "--peer", "10.8.0.1", "--port", "icmp:5")]
    public async Task BadInput_IsTwo_WithOneSentence(string sentence, params string[] arguments)
    {
        var (code, text, error) = await Command.RunAsync(_folder, ["firewall", "--assets", "effective.json", .. arguments]);
        Assert.Equal((2, "", $"auditor: {sentence}\n"), (code, text, error));
    }

    private Task<(int Code, string Out, string Error)> AskAsync(params string[] arguments) => Command.RunAsync(_folder, ["firewall", "--assets", "effective.json", "--network", "n", .. arguments]);

    private static string Compact(JsonElement element) => JsonSerializer.Serialize(element);
}
