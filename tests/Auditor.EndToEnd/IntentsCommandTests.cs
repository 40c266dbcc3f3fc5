using System.Text.Json;
using System.Xml.Linq;
using Auditor.Simulator.Demo;

namespace Auditor.EndToEnd;

/// <summary><c>auditor intents test</c> and <c>--config</c>: exit codes and formats that pipelines read.</summary>
public sealed class IntentsCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("auditor-intents-").FullName;

    public IntentsCommandTests() => File.WriteAllText(Path.Combine(_folder, "demo.ndjson"), DemoEstate.ToAssetExport());

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Broken_IsOne_AndJUnitSaysWhatDecides()
    {
        var (code, text, error) = await TestAsync("intents:\n  never:\n    - { from: any, to: internet }\n", "--format", "junit");
        Assert.Equal((1, ""), (code, error));
        var suites = XDocument.Parse(text).Root!;
        Assert.Equal("testsuites", suites.Name.LocalName);
        var never = suites.Elements("testsuite").Single(suite => (string)suite.Attribute("name")! == "intents.never");
        var failures = never.Descendants("failure").ToList();
        Assert.Equal((int)never.Attribute("failures")!, failures.Count);
        Assert.NotEmpty(failures);
        Assert.All(failures, failure => Assert.StartsWith("broken: ", (string)failure.Attribute("message")!, StringComparison.Ordinal));
        Assert.All(never.Elements("testcase"), one => Assert.Equal("auditor.yaml 3", $"{(string)one.Attribute("file")!} {(string)one.Attribute("line")!}"));
    }

    [Fact]
    public async Task Json_MarksWhatIsInferred()
    {
        var (_, json, _) = await TestAsync("intents:\n  never:\n    - { from: any, to: internet }\n", "--format", "json");
        using var document = JsonDocument.Parse(json);
        var rows = document.RootElement.GetProperty("intents").EnumerateArray().ToList();
        Assert.All(rows, row => Assert.Equal(row.GetProperty("inferred").GetBoolean(), row.GetProperty("declaredAt").ValueKind == JsonValueKind.Null));
        Assert.Contains(rows, row => row.GetProperty("inferred").GetBoolean());
    }

    [Fact]
    public async Task NamingNothing_IsTwo()
    {
        var (code, _, error) = await TestAsync("intents:\n  must:\n    - { from: nobody-at-all, to: internet }\n");
        Assert.Equal(2, code);
        Assert.StartsWith("auditor: auditor.yaml:3: 'from' of nobody-at-all -> internet is 'nobody-at-all', which is no workload here", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("intents: { }", "auditor: no intent is declared; 'intents' in the configuration file declares them, --config names the file.\n")]
    [InlineData("intets: { }", "auditor: auditor.yaml:1: 'intets' at the top is no key; did you mean intents.\n")]
    [InlineData("maxTries: x\nbatchSize: y", "auditor: auditor.yaml:1: maxTries is 'x'; a whole number is wanted.\nauditor: auditor.yaml:2: batchSize is 'y'; a whole number is wanted.\n")]
    public async Task BadInput_IsTwo_InOneSentenceEach(string yaml, string sentences)
    {
        var (code, text, error) = await TestAsync(yaml);
        Assert.Equal((2, "", sentences), (code, text, error));
    }

    [Fact]
    public async Task Check_ReadsTheFile()
    {
        File.WriteAllText(Path.Combine(_folder, "own.yaml"), "profile: mine\nprofiles:\n  mine: { with: ISO003 }\nintents:\n  never:\n    - { name: quiet, from: any, to: internet }\n");
        var (code, json, _) = await Command.RunAsync(_folder, "check", "--assets", "demo.ndjson", "--config", "own.yaml", "--format", "json");
        Assert.Equal(1, code);
        using var document = JsonDocument.Parse(json);
        Assert.All(document.RootElement.GetProperty("findings").EnumerateArray(), finding => Assert.Equal("ISO003 quiet", $"{finding.GetProperty("rule").GetString()} {finding.GetProperty("discriminator").GetString()}"));
    }

    [Fact]
    public async Task Check_RefusesAProfileThatIsNotThere()
    {
        var (code, _, error) = await Command.RunAsync(_folder, "check", "--assets", "demo.ndjson", "--profile", "cor");
        Assert.Equal((2, "auditor: the profile is 'cor', which is none; all, core are there.\n"), (code, error));
    }

    private Task<(int Code, string Out, string Error)> TestAsync(string yaml, params string[] more)
    {
        File.WriteAllText(Path.Combine(_folder, "auditor.yaml"), yaml);
        return Command.RunAsync(_folder, ["intents", "test", "--assets", "demo.ndjson", .. more]);
    }
}
