using System.Text.Json;

namespace Auditor.EndToEnd;

/// <summary><c>auditor reach</c>, <c>trace</c>, <c>doctor</c> and <c>diff</c> as people and programs call them.</summary>
public sealed class ReachCommandTests : IDisposable
{
    private const string Compute = "https://www.googleapis.com/compute/v1/projects/shop/";

    private const string Deny = "{\"name\":\"deny\",\"selfLink\":\"" + Compute + "global/firewalls/deny\",\"network\":\"" + Compute + "global/networks/main\",\"priority\":900,\"sourceRanges\":[\"10.8.0.8/29\"],\"denied\":[{\"IPProtocol\":\"all\"}]}";

    private readonly string _folder = Directory.CreateTempSubdirectory("auditor-reach-").FullName;

    public ReachCommandTests() => Write("estate.ndjson", Deny);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Reach_HasTheDocumentedJson()
    {
        var (code, json, error) = await AskAsync("reach", "--format", "json");
        Assert.Equal((0, ""), (code, error));
        using var document = JsonDocument.Parse(json);
        var flows = document.RootElement.GetProperty("flows").EnumerateArray().ToList();
        Assert.Equal(["db partial FIREWALL_RULE", "internet reachable SERVERLESS_EXTERNAL_CONNECTION", "googleapis reachable SERVERLESS_EXTERNAL_CONNECTION"],
            flows.Select(flow => $"{flow.GetProperty("target").GetString()} {flow.GetProperty("disposition").GetString()} {flow.GetProperty("reason").GetString()}"));
        Assert.Equal(
            ["source", "attachment", "egress", "target", "address", "protocol", "port", "disposition", "reason", "allowed", "steps", "sourceName", "targetName", "decidedBy", "because", "assumed"],
            flows[0].EnumerateObject().Select(property => property.Name));
        Assert.Equal(["10.8.0.2/31", "10.8.0.4/30"], flows[0].GetProperty("allowed")[0].GetProperty("sources").EnumerateArray().Select(range => range.GetString()));
        Assert.Equal(["egress", "attachment", "egress-firewall", "route", "ingress-firewall"], flows[0].GetProperty("steps").EnumerateArray().Select(step => step.GetProperty("stage").GetString()));
        Assert.Equal("deny", flows[0].GetProperty("steps")[4].GetProperty("decidedBy").GetString());
    }

    [Fact]
    public async Task Trace_IsReadStepByStep_AndSaysInItsCodeWhetherItArrives()
    {
        var (code, text, _) = await AskAsync("trace", "--from", "checkout", "--to", "db", "--port", "tcp:5432");
        Assert.Equal(1, code);
        Assert.Contains("checkout -> db (10.1.0.5) tcp:5432: partial", text, StringComparison.Ordinal);
        Assert.Contains("firewall rule deny (priority 900)", text, StringComparison.Ordinal);
        Assert.Equal(0, (await AskAsync("trace", "--from", "checkout", "--to", "internet")).Code);
        Assert.Equal(3, (await AskAsync("trace", "--from", "checkout", "--to", "240.0.0.9")).Code);
    }

    [Fact]
    public async Task Doctor_EndsWithARuleThatOpensThePathAlone()
    {
        var (code, text, _) = await AskAsync("doctor", "--from", "checkout", "--to", "db", "--port", "tcp:5432");
        Assert.Equal(1, code);
        Assert.Contains("it opens the path and nothing else", text, StringComparison.Ordinal);
        Assert.Contains("--priority=899 --action=ALLOW --rules=tcp:5432 --source-ranges=10.8.0.0/28 --destination-ranges=10.1.0.5/32", text, StringComparison.Ordinal);
        Assert.Contains("gcloud network-management connectivity-tests create", text, StringComparison.Ordinal);
        using var document = JsonDocument.Parse((await AskAsync("doctor", "--from", "checkout", "--to", "db", "--port", "tcp:5432", "--format", "json")).Out);
        Assert.Equal("blocked", document.RootElement.GetProperty("diagnoses")[0].GetProperty("fromMachine").GetString());
    }

    [Fact]
    public async Task Diff_TellsWhatAChangeClosed()
    {
        Write("before.ndjson", null);
        var (code, text, error) = await Command.RunAsync(_folder, "diff", "--before", "before.ndjson", "--after", "estate.ndjson");
        Assert.Equal((1, ""), (code, error));
        Assert.Contains("0 flows opened, 1 closed, 0 become unknown, 0 become known", text, StringComparison.Ordinal);
        Assert.Equal(0, (await Command.RunAsync(_folder, "diff", "--before", "estate.ndjson", "--after", "estate.ndjson")).Code);
    }

    [Fact]
    public async Task Diff_JudgesByTheConfiguration()
    {
        Write("before.ndjson", Deny.Replace("\"10.8.0.8/29\"", "\"0.0.0.0/0\"", StringComparison.Ordinal).Replace("\"denied\":[{\"IPProtocol\":\"all\"}]", "\"allowed\":[{\"IPProtocol\":\"tcp\",\"ports\":[\"22\"]}]", StringComparison.Ordinal));
        File.WriteAllText(Path.Combine(_folder, "ours.yaml"), "profile: none\nprofiles:\n  none:\n    with: []\n");
        var (code, text, error) = await Command.RunAsync(_folder, "diff", "--before", "before.ndjson", "--after", "estate.ndjson");
        Assert.Equal((1, ""), (code, error));
        Assert.Contains("FWL017", text, StringComparison.Ordinal);
        (code, text, error) = await Command.RunAsync(_folder, "diff", "--before", "before.ndjson", "--after", "estate.ndjson", "--config", "ours.yaml");
        Assert.Equal((1, ""), (code, error));
        Assert.Contains("; 0 findings opened, 0 resolved", text, StringComparison.Ordinal);
    }

    /// <summary>The schema that the documentation promises, property by property, for every flow.</summary>
    [Fact]
    public async Task EveryFlow_IsAsDocumented()
    {
        using var document = JsonDocument.Parse((await AskAsync("reach", "--format", "json", "--port", "all", "--port", "icmp", "--port", "tcp:5432")).Out);
        Assert.Equal(["flows"], document.RootElement.EnumerateObject().Select(property => property.Name));
        Assert.Equal(9, document.RootElement.GetProperty("flows").GetArrayLength());
        foreach (var flow in document.RootElement.GetProperty("flows").EnumerateArray())
        {
            Text(flow, "source");
            Text(flow, "attachment");
            Assert.Contains(Text(flow, "egress"), (string[])["private-ranges-only", "all-traffic", "none"]);
            Text(flow, "target");
            Assert.True(flow.GetProperty("address").ValueKind is JsonValueKind.String or JsonValueKind.Null);
            Assert.Contains(Text(flow, "protocol"), (string[])["tcp", "udp", "icmp", "all"]);
            Assert.True(flow.GetProperty("port").ValueKind == JsonValueKind.Null || flow.GetProperty("port").GetInt32() is >= 0 and <= 65535);
            Assert.Contains(Text(flow, "disposition"), (string[])["reachable", "blocked", "partial", "unknown"]);
            Assert.True(flow.GetProperty("reason").ValueKind is JsonValueKind.String or JsonValueKind.Null);
            foreach (var allowed in flow.GetProperty("allowed").EnumerateArray())
            {
                Assert.Equal(["protocol", "ports", "sources"], allowed.EnumerateObject().Select(property => property.Name));
                Text(allowed, "protocol");
                Assert.All(allowed.GetProperty("ports").EnumerateArray().Concat(allowed.GetProperty("sources").EnumerateArray()), item => Assert.Equal(JsonValueKind.String, item.ValueKind));
            }

            Assert.NotEqual(0, flow.GetProperty("steps").GetArrayLength());
            foreach (var step in flow.GetProperty("steps").EnumerateArray())
            {
                Assert.Equal(["stage", "decision", "decidedBy"], step.EnumerateObject().Select(property => property.Name));
                Assert.Contains(Text(step, "stage"), (string[])["name", "egress", "attachment", "egress-firewall", "route", "ingress-firewall", "target", "internet", "google-apis"]);
                Text(step, "decision");
            }
        }

        static string Text(JsonElement item, string name) => item.GetProperty(name).GetString() is { Length: > 0 } text ? text : throw new InvalidOperationException($"{name} is empty in {item}");
    }

    [Fact]
    public async Task WhatIsTakenForGranted_IsSaid_AndWhosePortIsUnknown()
    {
        var (_, text, _) = await AskAsync("reach", "--to", "db");
        Assert.Contains("tcp, every port", text, StringComparison.Ordinal);
        Assert.Contains("no service port is known of 1 target", text, StringComparison.Ordinal);
        Assert.Contains("assumed", text, StringComparison.Ordinal);
        using var document = JsonDocument.Parse((await AskAsync("trace", "--from", "checkout", "--to", "db", "--format", "json")).Out);
        Assert.Contains("is there as Google documents it, although no list shows it", string.Join("; ", document.RootElement.GetProperty("flows")[0].GetProperty("assumed").EnumerateArray().Select(item => item.GetString())), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ALedger_AnswersWhatWasReachableThen()
    {
        DateTimeOffset before;
        await using (var demo = await Auditor.Cli.Hosting.Demonstration.StartAsync(Path.Combine(_folder, "auditor.db"), TestContext.Current.CancellationToken))
        {
            await demo.SweepAsync(TestContext.Current.CancellationToken);
            await Task.Delay(5, TestContext.Current.CancellationToken);
            before = TimeProvider.System.GetUtcNow();
            await Task.Delay(5, TestContext.Current.CancellationToken);
            var name = Auditor.Model.ResourceName.Of("compute.googleapis.com", "projects/harbor-net/global/firewalls/busy-0");
            demo.Cloud.Insert(name, new Faults.BusyCloud(1).Cloud.Find(name)!);
            await demo.SweepAsync(TestContext.Current.CancellationToken);
        }

        var (code, now, error) = await Command.RunAsync(_folder, "reach", "--ledger", "auditor.db", "--format", "json");
        Assert.True(code is 0 or 3 && error.Length == 0, error);
        using var document = JsonDocument.Parse(now);
        Assert.NotEqual(0, document.RootElement.GetProperty("flows").GetArrayLength());
        Assert.Equal(now, (await Command.RunAsync(_folder, "reach", "--ledger", "auditor.db", "--format", "json", "--as-of", "2999-01-01")).Out);
        Assert.NotEqual(now, (await Command.RunAsync(_folder, "reach", "--ledger", "auditor.db", "--format", "json", "--as-of", Timestamps.Format(before))).Out);
        Assert.Contains("\"flows\": []", (await Command.RunAsync(_folder, "reach", "--ledger", "auditor.db", "--format", "json", "--as-of", "2020-01-01")).Out.Replace("\"flows\":[]", "\"flows\": []", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal("auditor: --as-of and --known-at are about a ledger; --ledger names one.", (await AskAsync("reach", "--as-of", "2026-01-01")).Error.Trim());
        Assert.Equal("auditor: either --assets or --ledger is needed.", (await Command.RunAsync(_folder, "trace", "--from", "a", "--to", "b")).Error.Trim());
    }

    [Theory]
    [InlineData("--from is 'chekout', which is no workload here; did you mean checkout.", "--from", "chekout", "--to", "db")]
    [InlineData("--port is 'tcp:99999'; a protocol with or without one port was expected, such as tcp:5432, udp:53, icmp, 47 or all.", "--from", "checkout", "--to", "db", "--port", "tcp:99999")]
    public async Task BadInput_IsOneSentence_AndTwo(string expected, params string[] arguments)
    {
        var (code, _, error) = await AskAsync(["trace", .. arguments]);
        Assert.Equal((2, $"auditor: {expected}"), (code, error.Trim()));
    }

    private Task<(int Code, string Out, string Error)> AskAsync(string command, params string[] arguments) => AskAsync([command, .. arguments]);

    private Task<(int Code, string Out, string Error)> AskAsync(string[] words) => Command.RunAsync(_folder, [words[0], "--assets", "estate.ndjson", .. words[1..]]);

    private void Write(string file, string? rule) => File.WriteAllLines(Path.Combine(_folder, file), new[]
    {
        """{"name":"projects/111","projectId":"shop"}""",
        $$"""{"name":"main","selfLink":"{{Compute}}global/networks/main","autoCreateSubnetworks":false}""",
        $$"""{"name":"apps","selfLink":"{{Compute}}regions/europe-west1/subnetworks/apps","network":"{{Compute}}global/networks/main","ipCidrRange":"10.1.0.0/16"}""",
        """{"name":"projects/shop/locations/europe-west1/connectors/conn","network":"projects/shop/global/networks/main","ipCidrRange":"10.8.0.0/28","state":"READY"}""",
        """{"name":"projects/shop/locations/europe-west1/services/checkout","template":{"vpcAccess":{"connector":"projects/shop/locations/europe-west1/connectors/conn"}}}""",
        $$"""{"name":"db","selfLink":"{{Compute}}zones/europe-west1-b/instances/db","status":"RUNNING","networkInterfaces":[{"network":"{{Compute}}global/networks/main","networkIP":"10.1.0.5"}]}""",
        rule,
    }.OfType<string>());
}
