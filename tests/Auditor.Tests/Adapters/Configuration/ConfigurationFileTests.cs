using Auditor.Adapters;
using Auditor.Adapters.Configuration;
using Auditor.Rules;
using Auditor.Tests.Conventions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Auditor.Tests.Adapters.Configuration;

public sealed class ConfigurationFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("auditor-file-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Read_TakesIntents_WithNamesAndLines()
    {
        var intents = Read("""
            intents:
              must:
                - { name: orders, from: shop, to: db, port: [tcp:5432, "tcp:6000-6010"] }
                - from: { project: p1, label: env=prod }
                  to: 10.1.0.0/24
              never:
                - { from: any, to: { name: hr, label: tier=secret } }
                - { from: shop, to: internet, port: tcp:25 }
              egress:
                - { from: shop, addresses: [203.0.113.7, exit] }
            """).Intents;
        Assert.Equal(
            ["orders Must shop db tcp:5432,tcp:6000-6010 3", "project p1, label env=prod -> 10.1.0.0/24 Must project p1, label env=prod 10.1.0.0/24  4", "any -> hr, label tier=secret Never any hr, label tier=secret  7", "shop -> internet tcp:25 Never shop internet tcp:25 8"],
            intents.Flows.Select(flow => $"{flow.Name} {flow.Demand} {flow.From} {flow.To} {string.Join(",", flow.Ports)} {flow.Origin.Line}"));
        Assert.Equal(["shop leaves by 203.0.113.7, exit 10"], intents.Egress.Select(egress => $"{egress.Name} {egress.Origin.Line}"));
    }

    [Theory]
    [InlineData("intets: {}", "1: 'intets' at the top is no key; did you mean intents.")]
    [InlineData("ledger:\n  pth: x", "2: 'pth' in ledger is no key; did you mean path.")]
    [InlineData("config: other.yaml", "1: 'config' at the top is no key; batchSize, channels, clockSkew, google, intents, leaseDuration, ledger, maxCommitBytes, maxCommitDocuments, maxInboxDepth, maxReadRounds, maxTries and 6 more are known.")]
    [InlineData("maxTries: many", "1: maxTries is 'many'; a whole number is wanted.")]
    [InlineData("leaseDuration: soon", "1: leaseDuration is 'soon'; a time such as 00:01:30, or 400.00:00:00 for days is wanted.")]
    [InlineData("google: [a]", "1: google is a list; keys with values are wanted.")]
    [InlineData("google:\n  projects: [[a]]", "2: google.projects[0] is a list; a value is wanted.")]
    [InlineData("- a", "1: the file is a list; keys with values are wanted.")]
    [InlineData("intents:\n  must:\n    - { from: shop, to: db, port: 5432 }", "3: intents.must.port is '5432'; a protocol with or without ports, such as tcp:5432, tcp:8000-8100, udp:53, icmp, 47 or all is wanted.")]
    [InlineData("intents:\n  must:\n    - { from: shop, to: db, port: tcp:70000 }", "3: intents.must.port is 'tcp:70000'; a protocol with or without ports, such as tcp:5432, tcp:8000-8100, udp:53, icmp, 47 or all is wanted.")]
    [InlineData("intents:\n  must:\n    - { from: shop }", "3: intents.must has no 'to'; one is wanted in each of its items.")]
    [InlineData("intents:\n  must:\n    - { from: shop, to: 10.1.0.0/40 }", "3: intents.must.to is '10.1.0.0/40', which is no IPv4 address or range; one such as 10.1.0.5 or 10.1.0.0/24, or the name of a target, is wanted.")]
    [InlineData("intents:\n  must:\n    - { from: shop, to: any }", "3: intents.must.to is 'any'; a target is wanted: a name, an address or range such as 10.0.0.0/8, internet, googleapis, or name, project and label.")]
    [InlineData("intents:\n  must:\n    - { from: {}, to: db }", "3: intents.must.from selects nothing; name, project or label, or 'any' instead of all of them, is wanted.")]
    [InlineData("intents:\n  must:\n    - { from: { label: prod }, to: db }", "3: intents.must.from.label is 'prod'; a label such as env=prod is wanted.")]
    [InlineData("intents:\n  must:\n    - { from: shop, to: db }\n  never:\n    - { name: no, from: any, to: db, port: tcp:22 }", "3: shop -> db must work, and by {0}:5 (no) it must never; one of the two is wanted.")]
    [InlineData("intents:\n  must:\n    - { from: shop, to: db }\n    - { from: shop, to: db }", "4: the name 'shop -> db' is that of the intent at {0}:3 too; a 'name' of its own is wanted for each.")]
    [InlineData("intents:\n  egress:\n    - { from: shop, addresses: 203.0.113.0/24 }", "3: intents.egress.addresses is '203.0.113.0/24'; one IPv4 address, or the name of a reserved one, is wanted.")]
    [InlineData("profile: cor", "1: profile is 'cor', which is no profile; did you mean core.")]
    [InlineData("profiles:\n  a: { extends: b }\n  b: { extends: [core, a] }", "2: profiles.a extends itself: a -> b -> a; profiles without a circle are wanted.")]
    [InlineData("profiles:\n  a: { extends: a }", "2: profiles.a extends itself: a -> a; profiles without a circle are wanted.")]
    [InlineData("profiles:\n  core: { with: FWL019 }", "2: profiles.core is built in; another name is wanted.")]
    [InlineData("profiles:\n  a: { with: FWL0199 }", "2: 'FWL0199' in profiles.a.with is no rule; did you mean FWL019 or FWL009 or FWL013.")]
    [InlineData("rules:\n  XXX999: {}", "2: 'XXX999' in rules is no rule; {1}")]
    [InlineData("rules:\n  FWL004:\n    maxPort: 3", "3: 'maxPort' in rules.FWL004 is no key; did you mean maxPorts.")]
    [InlineData("rules:\n  FWL004:\n    maxPorts: 0", "3: rules.FWL004.maxPorts is '0'; a number from 1 to 65535 was expected.")]
    [InlineData("rules:\n  FWL004:\n    severity: huge", "3: rules.FWL004.severity is 'huge'; info, low, medium, high, critical is wanted.")]
    [InlineData("rules:\n  FWL004:\n    enabled: perhaps", "3: rules.FWL004.enabled is 'perhaps'; true or false is wanted.")]
    [InlineData("rules:\n  FWL004:\n    where:\n      - { enabled: false }", "4: rules.FWL004.where names neither project nor label; one of them, or both, is wanted.")]
    public void Read_SaysWhatIsWrong_WithFileLineKeyAndValue(string yaml, string sentence)
    {
        var problem = Assert.Single(Assert.Throws<ConfigurationException>(() => Read(yaml)).Problems);
        if (sentence.EndsWith("{1}", StringComparison.Ordinal))
        {
            Assert.StartsWith($"{Path}:{sentence[..^3]}", problem, StringComparison.Ordinal);
            return;
        }

        Assert.Equal($"{Path}:{sentence.Replace("{0}", Path, StringComparison.Ordinal)}", problem);
    }

    [Fact]
    public void Read_SaysAllThatIsWrong() => Assert.Equal(
        [$"{Path}:1: 'intets' at the top is no key; did you mean intents.", $"{Path}:2: maxTries is 'x'; a whole number is wanted."],
        Assert.Throws<ConfigurationException>(() => Read("intets: {}\nmaxTries: x")).Problems);

    [Theory]
    [InlineData("a: [1")]
    [InlineData("ledger: {}\nledger: {}")]
    [InlineData("\t- x")]
    public void Read_RefusesWhatIsNoYaml(string yaml) =>
        Assert.StartsWith($"{Path}:", Assert.Single(Assert.Throws<ConfigurationException>(() => Read(yaml)).Problems), StringComparison.Ordinal);

    [Fact]
    public void Read_RefusesAFileThatIsNotThere() => Assert.Equal(
        [$"{Path} is not there; a configuration file is wanted."], Assert.Throws<ConfigurationException>(() => ConfigurationFile.Read(Path)).Problems);

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n")]
    [InlineData("intents:\nrules:\n")]
    public void Read_OfNothing_SaysNothing(string yaml)
    {
        var options = Options(yaml);
        Assert.True(options.Intents.IsEmpty);
        Assert.Equal(Profile.CoreRules.Order(StringComparer.Ordinal), options.Judged!.Value);
    }

    [Fact]
    public void Profiles_ExtendEachOther()
    {
        var options = Options("profile: mine\nprofiles:\n  base: { extends: core, without: [FWL023, FWL021] }\n  mine: { extends: [base], with: FWL019 }\nrules:\n  con001: { enabled: false }\n  FWL015: { enabled: true }");
        Assert.Equal(Profile.CoreRules.Except(["FWL023", "FWL021", "CON001"]).Union(["FWL019", "FWL015"]).Order(StringComparer.Ordinal), options.Judged!.Value);
        Assert.Equal(RuleCatalog.All.Infos.Select(rule => rule.Id), Options("profile: all").Judged!.Value);
    }

    [Fact]
    public void Rules_HaveKnobsAndSeverities_EverywhereAndInPlaces()
    {
        var options = Options("rules:\n  FWL004:\n    maxPorts: 5\n    severity: high\n    where:\n      - { project: sandbox, maxPorts: 50 }\n      - { label: env=dev, enabled: false }");
        Assert.Equal(5, options.MaxAllowedPorts);
        Assert.Equal(
            ["FWL004 sandbox  - High 50", "FWL004  env=dev False High -", "FWL004   - High -"],
            options.Settings.Select(setting => $"{setting.Rule} {setting.Project} {(setting.Label is { } label ? $"{label.Key}={label.Value}" : "")} {setting.IsOn?.ToString() ?? "-"} {setting.Severity} {setting.Options?.MaxAllowedPorts.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "-"}"));
    }

    [Fact]
    public void TheEnvironment_Wins()
    {
        var section = Write("maxTries: 3\nbatchSize: 7\nrules:\n  FWL004: { maxPorts: 5 }", [new("Auditor:MAXTRIES", "9"), new("Auditor:Rules:FWL004:MAXPORTS", "6")], out var file);
        Assert.Equal(("9", "7", 6), (section["MaxTries"], section["BatchSize"], file.RuleOptions(section).MaxAllowedPorts));
    }

    [Fact]
    public async Task AddAuditor_ReadsTheFile()
    {
        await File.WriteAllTextAsync(Path, $"ledger: {{ path: {_folder}/a.db }}\nmaxTries: 3\nprofile: all\nintents:\n  must:\n    - {{ from: shop, to: db }}", TestContext.Current.CancellationToken);
        await using var provider = Services([]);
        provider.GetRequiredService<IStartupValidator>().Validate();
        var options = provider.GetRequiredService<AuditRunOptions>();
        Assert.Equal((3, "shop -> db"), (options.MaxTries, Assert.Single(options.Rules.Intents.Flows).Name));
    }

    [Fact]
    public async Task AddAuditor_SaysAtStartWhatIsWrong_WithTheLine()
    {
        await File.WriteAllTextAsync(Path, "maxInboxDepth: 5\n\nmaxTries: 0", TestContext.Current.CancellationToken);
        await using var provider = Services([]);
        Assert.Equal([$"{Path}:3: Auditor:maxTries is 0; 1 to 100 is wanted."], Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IStartupValidator>().Validate()).Failures, StringComparer.OrdinalIgnoreCase);
        await using var other = Services(new() { ["Auditor:MaxTries"] = "500" });
        Assert.Equal(["Auditor:MaxTries is 500; 1 to 100 is wanted."], Assert.Throws<OptionsValidationException>(() => other.GetRequiredService<IStartupValidator>().Validate()).Failures);
    }

    [Fact]
    public async Task AddAuditor_RefusesUnknownVariables()
    {
        await File.WriteAllTextAsync(Path, "", TestContext.Current.CancellationToken);
        await using var provider = Services(new() { ["Auditor:LEDGER:PTH"] = "x" });
        Assert.Equal(["Auditor:LEDGER:PTH is no setting; did you mean Auditor:ledger:path."], Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IStartupValidator>().Validate()).Failures);
    }

    /// <summary>The page names every key there is, and none that is not.</summary>
    [Fact]
    public void ThePage_NamesEveryKey()
    {
        var page = File.ReadAllText(System.IO.Path.Combine(Repository.Root, "docs", "configuration.md"));
        var named = System.Text.RegularExpressions.Regex.Matches(page, @"^\| `(?<key>[^`]+)` \|", System.Text.RegularExpressions.RegexOptions.Multiline | System.Text.RegularExpressions.RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Select(match => match.Groups["key"].Value);
        Assert.Equal(ConfigurationPage.Keys.Order(StringComparer.Ordinal), named.Order(StringComparer.Ordinal));
    }

    /// <summary>The example on the page is one that is read.</summary>
    [Fact]
    public void ThePage_ShowsAFileThatIsRead()
    {
        var page = File.ReadAllText(System.IO.Path.Combine(Repository.Root, "docs", "configuration.md"));
        var example = page[(page.IndexOf("```yaml\n", StringComparison.Ordinal) + 8)..];
        Assert.Equal(4, Read(example[..example.IndexOf("```", StringComparison.Ordinal)]).Intents.Flows.Count);
    }

    private string Path => System.IO.Path.Combine(_folder, "auditor.yaml");

    private ConfigurationFile Read(string yaml)
    {
        File.WriteAllText(Path, yaml);
        return ConfigurationFile.Read(Path);
    }

    private RuleOptions Options(string yaml) => Write(yaml, [], out var file) is var section ? file.RuleOptions(section) : throw new InvalidOperationException();

    private IConfigurationSection Write(string yaml, IEnumerable<KeyValuePair<string, string?>> environment, out ConfigurationFile file)
    {
        file = Read(yaml);
        return file.Under(new ConfigurationBuilder().AddInMemoryCollection(environment).Build()).GetSection(AuditorOptions.Section);
    }

    private ServiceProvider Services(Dictionary<string, string?> settings) =>
        new ServiceCollection().AddAuditor(new ConfigurationBuilder().AddInMemoryCollection(settings.Append(new("Auditor:Config", Path))).Build()).BuildServiceProvider();
}
