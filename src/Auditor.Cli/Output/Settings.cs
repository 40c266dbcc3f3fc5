using System.CommandLine;
using Auditor.Adapters;
using Auditor.Adapters.Configuration;
using Auditor.Rules;
using Microsoft.Extensions.Configuration;

namespace Auditor.Cli.Output;

/// <summary>What the configuration file and, over it, the environment say to commands that judge files.</summary>
internal sealed record Settings(ConfigurationFile File, IConfiguration Section, RuleOptions Rules, bool ReadVariables)
{
    /// <summary>The <c>--config</c> option.</summary>
    public static Option<string?> ConfigOption() => new("--config")
    {
        Description = $"the configuration file; {ConfigurationFile.Variable}, or {ConfigurationFile.DefaultPath} in the working folder when it is there, by default",
    };

    /// <summary>The <c>--profile</c> option.</summary>
    public static Option<string?> ProfileOption() => new("--profile") { Description = "the rules to judge by: core, all, or one of the configuration file; what the file says by default" };

    /// <exception cref="UsageException">Something in it is not as it should be.</exception>
    public static Settings Read(string? path)
    {
        try
        {
            var environment = new ConfigurationBuilder().AddEnvironmentVariables().Build();
            var file = ConfigurationFile.Find(path is { Length: > 0 } ? path : Environment.GetEnvironmentVariable(ConfigurationFile.Variable));
            var section = file.Under(environment).GetSection(AuditorOptions.Section);
            return new Settings(file, section, file.RuleOptions(section), ReadFlag(section));
        }
        catch (ConfigurationException e)
        {
            throw new UsageException(string.Join($"{Environment.NewLine}auditor: ", e.Problems));
        }
        catch (FormatException e)
        {
            throw new UsageException(e.Message);
        }
    }

    /// <summary>The same by another profile; null leaves it.</summary>
    public Settings With(string? profile)
    {
        try
        {
            return profile is null ? this : this with { Rules = File.RuleOptions(Section, profile) };
        }
        catch (FormatException e)
        {
            throw new UsageException(e.Message);
        }
    }

    /// <summary>Where the ledger is.</summary>
    public string LedgerPath => Section[$"{nameof(AuditorOptions.Ledger)}:{nameof(AuditorOptions.Ledger.Path)}"] is { Length: > 0 } path ? path : LedgerFile.DefaultPath;

    private static bool ReadFlag(IConfiguration section) => section[nameof(AuditorOptions.ReadVariables)] is not { Length: > 0 } text
        || (bool.TryParse(text, out var read) ? read : throw new UsageException($"AUDITOR__READVARIABLES is '{text}'; true or false was expected."));
}
