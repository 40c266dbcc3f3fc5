using Auditor.Adapters;
using Auditor.Adapters.Google;
using Auditor.Adapters.Ledgers;
using Auditor.Ledger;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Auditor.Tests.Adapters;

public sealed class AddAuditorTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("auditor-add-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Defaults_NeedNoConfiguration()
    {
        await using var provider = Services([]);
        Start(provider);
        var options = provider.GetRequiredService<IOptions<AuditorOptions>>().Value;
        Assert.Equal((Path.Combine(".auditor", "auditor.db"), true, 10_000), (options.Ledger.Path, options.Channels.Console.Enabled, options.MaxInboxDepth));
        Assert.Null(options.Google.Endpoint);
        Assert.Equal($"{Environment.MachineName}-{Environment.ProcessId}", provider.GetRequiredService<AuditRunOptions>().Holder);
    }

    [Fact]
    public async Task EverythingIsThere_OnceAProcess()
    {
        await using var provider = Services(new()
        {
            ["Ledger:Path"] = Path.Combine(_folder, "a.db"),
            ["Google:Endpoint"] = "http://127.0.0.1:1",
            ["Google:Projects:0"] = "p1",
            ["Google:Projects:1"] = "p2",
            ["LeaseDuration"] = "00:00:30",
            ["Rules:FWL004:MAXPORTS"] = "7",
        });
        Start(provider);
        Assert.IsType<SqliteLedger>(provider.GetRequiredService<ILedger>());
        Assert.IsType<GoogleReader>(provider.GetRequiredService<IResourceReader>());
        Assert.Same(provider.GetRequiredService<AuditRun>(), provider.GetRequiredService<AuditRun>());
        Assert.Same(TimeProvider.System, provider.GetRequiredService<TimeProvider>());
        var run = provider.GetRequiredService<AuditRunOptions>();
        Assert.Equal((TimeSpan.FromSeconds(30), 7), (run.LeaseDuration, run.Rules.MaxAllowedPorts));
        Assert.Equal(["p1", "p2"], provider.GetRequiredService<IOptions<AuditorOptions>>().Value.Google.Projects);
        Assert.True(File.Exists(Path.Combine(_folder, "a.db")));
    }

    [Fact]
    public async Task Ledger_IsInFirestore_WhereThePathSaysSo()
    {
        await using var provider = Services(new() { ["Ledger:Path"] = "firestore:my-project/(default)/main" });
        Start(provider);
        Assert.IsType<FirestoreLedger>(provider.GetRequiredService<ILedger>());
    }

    [Fact]
    public async Task WhatIsRegisteredBefore_Stays()
    {
        var time = new FakeTimeProvider();
        await using var provider = Services([], services => services.AddSingleton<TimeProvider>(time).AddSingleton<IResourceReader>(new FakeCloud(time)));
        Assert.IsType<FakeCloud>(provider.GetRequiredService<IResourceReader>());
        Assert.Same(time, provider.GetRequiredService<TimeProvider>());
    }

    [Theory]
    [InlineData("Ledger:Path", " ", "Auditor:Ledger:Path is empty; the path of a file, or firestore:PROJECT/DATABASE/NAME, is wanted.")]
    [InlineData("Ledger:Path", "firestore:P", "Auditor:Ledger:Path is 'firestore:P'; firestore:PROJECT/DATABASE/NAME is wanted, such as firestore:my-project/(default)/auditor.")]
    [InlineData("MaxInboxDepth", "0", "Auditor:MaxInboxDepth is 0; 1 to 1000000 is wanted.")]
    [InlineData("OutboxLease", "00:00:14", "Auditor:OutboxLease is 00:00:14; 00:00:15 to 00:10:00 is wanted.")]
    [InlineData("LeaseDuration", "00:00:01", "Auditor:LeaseDuration is 00:00:01; 00:00:10 to 00:10:00 is wanted.")]
    [InlineData("Google:Endpoint", "localhost", "Auditor:Google:Endpoint is 'localhost'; an address such as http://127.0.0.1:8085 is wanted.")]
    [InlineData("Google:Projects:0", "123456", "Auditor:Google:Projects:0 is '123456'; a project's id is wanted, not its number or title.")]
    [InlineData("Google:MaxParallelCalls", "100", "Auditor:Google:MaxParallelCalls is 100; 1 to 64 is wanted.")]
    [InlineData("Rules:FWL004:maxPorts", "many", "Auditor:Rules: FWL004.maxPorts is 'many'; a number from 1 to 65535 was expected.")]
    public async Task WhatIsNotAllowed_IsSaidAtStart(string key, string value, string sentence)
    {
        await using var provider = Services(new() { [key] = value });
        Assert.Equal([sentence], Assert.Throws<OptionsValidationException>(() => Start(provider)).Failures);
    }

    [Fact]
    public async Task WhatCannotBeRead_IsSaidAtStart_WithKeyAndValue()
    {
        await using var provider = Services(new() { ["MaxInboxDepth"] = "many" });
        var sentence = Assert.Single(Assert.Throws<OptionsValidationException>(() => Start(provider)).Failures);
        Assert.Contains("'many'", sentence, StringComparison.Ordinal);
        Assert.Contains("'Auditor:MaxInboxDepth'", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Webhooks_HaveNamesOfTheirOwn()
    {
        Dictionary<string, string?> settings = [];
        await File.WriteAllTextAsync(Path.Combine(_folder, "secret"), "0123456789abcdef", TestContext.Current.CancellationToken);
        for (var i = 0; i < 2; i++)
        {
            settings[$"Channels:Webhooks:{i}:Name"] = "hook";
            settings[$"Channels:Webhooks:{i}:Url"] = "https://example.com/";
            settings[$"Channels:Webhooks:{i}:SecretFile"] = Path.Combine(_folder, "secret");
        }

        await using var provider = Services(settings);
        Assert.Equal(["Auditor:Channels:Webhooks has several of the name 'hook'; one of each name is wanted."], Assert.Throws<OptionsValidationException>(() => Start(provider)).Failures);
    }

    [Theory]
    [InlineData("00:00:20", "00:00:34", "Auditor:OutboxLease is 00:00:34; 00:00:35 to 00:10:00 is wanted.")]
    [InlineData("00:00:20", "00:00:35", null)]
    public async Task TheOutboxLease_OutlastsEveryWebhook(string timeout, string lease, string? sentence)
    {
        var secret = Path.Combine(_folder, "secret");
        await File.WriteAllTextAsync(secret, "0123456789abcdef", TestContext.Current.CancellationToken);
        await using var provider = Services(new()
        {
            ["Channels:Webhooks:0:Name"] = "hook",
            ["Channels:Webhooks:0:Url"] = "https://example.com/",
            ["Channels:Webhooks:0:SecretFile"] = secret,
            ["Channels:Webhooks:0:Timeout"] = timeout,
            ["OutboxLease"] = lease,
        });
        Assert.Equal(sentence, Record.Exception(() => Start(provider))?.Message);
    }

    private static void Start(IServiceProvider provider) => provider.GetRequiredService<IStartupValidator>().Validate();

    private static ServiceProvider Services(Dictionary<string, string?> settings, Action<IServiceCollection>? before = null)
    {
        var services = new ServiceCollection();
        before?.Invoke(services);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(pair => KeyValuePair.Create($"Auditor:{pair.Key}", pair.Value))).Build();
        return services.AddAuditor(configuration).BuildServiceProvider();
    }
}
