using System.Globalization;
using Auditor.Adapters.Configuration;
using Auditor.Adapters.Ledgers;
using Auditor.Reach.Paths;
using Auditor.Rules;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Auditor.Adapters;

/// <summary>Says at start what is wrong with the configuration: key, what was found, what is wanted.</summary>
internal sealed class AuditorOptionsValidator(IConfiguration section, ConfigurationFile? file, IReadOnlyList<string> fileProblems) : IValidateOptions<AuditorOptions>
{
    private const string Key = AuditorOptions.Section;

    public ValidateOptionsResult Validate(string? name, AuditorOptions options)
    {
        var problems = file is null ? [.. fileProblems] : Problems(options).Select(problem => file.WithLine(problem, section)).ToList();
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private IEnumerable<string> Problems(AuditorOptions options)
    {
        if (options.NotUnderstood is { } sentence)
        {
            return [sentence];
        }

        var channels = options.Channels.Webhooks;
        return Ranges(options)
            .Concat(options.Google.Problems($"{Key}:Google"))
            .Concat(channels.SelectMany((webhook, i) => webhook.Problems(string.Create(CultureInfo.InvariantCulture, $"{Key}:Channels:Webhooks:{i}"))))
            .Concat(channels.GroupBy(webhook => webhook.Name, StringComparer.Ordinal).Where(group => group.Skip(1).Any())
                .Select(group => $"{Key}:Channels:Webhooks has several of the name '{group.Key}'; one of each name is wanted."))
            .Concat(RuleProblems())
            .Concat(UnknownKeys());
    }

    // The binder passes over what it does not know, and a slip of the pen would go unnoticed.
    private IEnumerable<string> UnknownKeys()
    {
        var rules = RuleCatalog.All.Infos.SelectMany(rule => rule.Knobs).Select(knob => $"rules.{knob.Key}");
        var known = OptionNode.Root.Keys().Concat(rules).Select(key => key.Replace("[]", ":0", StringComparison.Ordinal).Replace('.', ':')).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in section.AsEnumerable(makePathsRelative: true).OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            var shape = string.Join(':', key.Split(':').Select(part => part.Length > 0 && part.All(char.IsAsciiDigit) ? "0" : part));
            if (value is not null && !known.Contains(shape))
            {
                var near = NameSearch.Near(shape, known);
                yield return $"{Key}:{key} is no setting{(near.Count > 0 ? $"; did you mean {string.Join(" or ", near.Select(name => $"{Key}:{name}"))}" : "; docs/configuration.md lists them")}.";
            }
        }
    }

    private static IEnumerable<string> Ranges(AuditorOptions options)
    {
        if (LedgerAddress.Problem(options.Ledger.Path) is { } problem)
        {
            yield return $"{Key}:Ledger:Path is {problem}.";
        }
        else if (FirestoreAddress.IsMeantBy(options.Ledger.Path) && FirestoreConnection.Problem(Environment.GetEnvironmentVariable(FirestoreConnection.EmulatorHost)) is { } sentence)
        {
            yield return sentence;
        }

        if (options.Ledger.Retention < TimeSpan.FromDays(31))
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{Key}:Ledger:Retention is {options.Ledger.Retention:c}; 31.00:00:00 or more, or nothing, is wanted.");
        }

        foreach (var (name, value, least, most) in new[]
        {
            (nameof(options.MaxInboxDepth), options.MaxInboxDepth, 1, 1_000_000),
            (nameof(options.BatchSize), options.BatchSize, 1, 1_000),
            (nameof(options.MaxCommitDocuments), options.MaxCommitDocuments, 10, 10_000),
            (nameof(options.MaxCommitBytes), options.MaxCommitBytes, 10_000, 8_000_000),
            (nameof(options.SnapshotEvery), options.SnapshotEvery, 1, 100_000),
            (nameof(options.MaxTries), options.MaxTries, 1, 100),
            (nameof(options.MaxReadRounds), options.MaxReadRounds, 0, 10),
        })
        {
            if (value < least || value > most)
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"{Key}:{name} is {value}; {least} to {most} is wanted.");
            }
        }

        foreach (var (name, value, least, most) in new[]
        {
            (nameof(options.LeaseDuration), options.LeaseDuration, TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(10)),
            (nameof(options.OutboxLease), options.OutboxLease, Sending(options) + TimeSpan.FromSeconds(15), TimeSpan.FromMinutes(10)),
            (nameof(options.ClockSkew), options.ClockSkew, TimeSpan.Zero, TimeSpan.FromMinutes(10)),
        })
        {
            if (value < least || value > most)
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"{Key}:{name} is {value:c}; {least:c} to {most:c} is wanted.");
            }
        }
    }

    // How long a channel may take at most; what a webhook says beyond a minute is a problem of its own.
    private static TimeSpan Sending(AuditorOptions options) =>
        options.Channels.Webhooks.Select(webhook => webhook.Timeout).Where(timeout => timeout <= TimeSpan.FromMinutes(1)).Append(TimeSpan.Zero).Max();

    private IEnumerable<string> RuleProblems()
    {
        try
        {
            file!.RuleOptions(section);
            return [];
        }
        catch (FormatException e)
        {
            return [$"{Key}:Rules: {e.Message}"];
        }
    }
}
