using System.Globalization;
using Auditor.Adapters.Channels;
using Auditor.Adapters.Configuration;
using Auditor.Adapters.Google;
using Auditor.Adapters.Ledgers;
using Auditor.Alerts;
using Auditor.Ledger;
using Auditor.Rules;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Auditor.Adapters;

/// <summary>Puts the auditor together.</summary>
public static class AddAuditorExtensions
{
    /// <summary>
    /// Registers the whole line: <see cref="AuditRun"/>, its ledger, reader and channels, one of each per process. Options come from the section
    /// "Auditor" over the file that <see cref="AuditorOptions.Config"/> names, and are checked when the host starts. What is registered before, such as a TimeProvider, a ledger or a reader, stays;
    /// an <see cref="IAlertChannel"/> that is registered joins the configured ones.
    /// </summary>
    public static IServiceCollection AddAuditor(this IServiceCollection services, IConfiguration configuration)
    {
        var (file, problems) = Find(configuration);
        var section = (file?.Under(configuration) ?? configuration).GetSection(AuditorOptions.Section);
        services.AddOptions<AuditorOptions>().Configure(options => Bind(section, options)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<AuditorOptions>>(new AuditorOptionsValidator(section, file, problems));
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => LedgerAddress.Open(Options(provider).Ledger.Path, Time(provider)));
        services.TryAddSingleton<IResourceReader>(provider => new GoogleReader(GoogleHttp(Options(provider).Google), Options(provider).Google, Time(provider)));
        services.TryAddSingleton(RuleCatalog.All);
        services.TryAddSingleton(provider => RunOptions(Options(provider), file!.RuleOptions(section)));
        services.TryAddSingleton(provider => new AuditRun(
            provider.GetRequiredService<ILedger>(),
            provider.GetRequiredService<IResourceReader>(),
            [.. Channels(Options(provider).Channels, Time(provider)), .. provider.GetServices<IAlertChannel>()],
            provider.GetRequiredService<RuleCatalog>(),
            provider.GetRequiredService<AuditRunOptions>(),
            Time(provider),
            provider.GetService<IHeadPublisher>() ?? (Options(provider).Ledger.Heads is { Length: > 0 } path ? new HeadsFile(path) : null),
            Tell(provider)));
        return services;
    }

    // What is wrong with the file is said with the rest, at start.
    private static (ConfigurationFile? File, IReadOnlyList<string> Problems) Find(IConfiguration configuration)
    {
        try
        {
            return (ConfigurationFile.Find(configuration[$"{AuditorOptions.Section}:{nameof(AuditorOptions.Config)}"]), []);
        }
        catch (ConfigurationException e)
        {
            return (null, e.Problems);
        }
    }

    // No host, no log: tests and tools that put the auditor together hear nothing.
    private static Action<string>? Tell(IServiceProvider provider) =>
        provider.GetService<ILogger<AuditRun>>() is { } logger ? sentence => logger.LogWarning("{Sentence}", sentence) : null;

    private static AuditorOptions Options(IServiceProvider provider) => provider.GetRequiredService<IOptions<AuditorOptions>>().Value;

    private static TimeProvider Time(IServiceProvider provider) => provider.GetRequiredService<TimeProvider>();

    // The binder throws in the middle; the validator says it with the rest, at start.
    private static void Bind(IConfiguration section, AuditorOptions options)
    {
        try
        {
            section.Bind(options);
        }
        catch (InvalidOperationException e)
        {
            options.NotUnderstood = $"{e.Message.TrimEnd('.')}{(e.InnerException is { } inner ? $": {inner.Message.TrimEnd('.')}" : "")}.";
        }
    }

    private static AuditRunOptions RunOptions(AuditorOptions options, RuleOptions rules) => new()
    {
        Holder = string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}-{Environment.ProcessId}"),
        LeaseDuration = options.LeaseDuration,
        BatchSize = options.BatchSize,
        CommitBounds = new CommitBounds(options.MaxCommitDocuments, options.MaxCommitBytes),
        SnapshotEvery = options.SnapshotEvery,
        Retention = options.Ledger.Retention,
        MaxInboxDepth = options.MaxInboxDepth,
        MaxReadRounds = options.MaxReadRounds,
        ClockSkew = options.ClockSkew,
        OutboxLease = options.OutboxLease,
        MaxTries = options.MaxTries,
        Rules = rules,
        ReadVariables = options.ReadVariables,
    };

    private static List<IAlertChannel> Channels(ChannelOptions options, TimeProvider time)
    {
        var channels = new List<IAlertChannel>();
        if (options.Console.Enabled)
        {
            channels.Add(ConsoleChannel.OnStandardOutput());
        }

        if (options.Webhooks.Count > 0)
        {
            var client = new HttpClient(Sockets()) { Timeout = Timeout.InfiniteTimeSpan };
            channels.AddRange(options.Webhooks.Select(webhook => new WebhookChannel(client, webhook, time)));
        }

        return channels;
    }

    private static HttpClient GoogleHttp(GoogleOptions options)
    {
        HttpMessageHandler handler = new ReadOnlyHandler { InnerHandler = Sockets() };
        if (options.Endpoint is not { Length: > 0 })
        {
            handler = new CredentialHandler(options.Scope) { InnerHandler = handler };
        }

        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    // Clients live as long as the process: connections are renewed, so that changed addresses are noticed.
    private static SocketsHttpHandler Sockets() => new()
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = System.Net.DecompressionMethods.All,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    };
}
