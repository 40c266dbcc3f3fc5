using System.Collections.Immutable;
using System.Globalization;
using Auditor.Reach.Intended;
using Auditor.Rules;
using Microsoft.Extensions.Configuration;
using YamlDotNet.RepresentationModel;

namespace Auditor.Adapters.Configuration;

/// <summary>What one <c>auditor.yaml</c> says. A file with any fault says nothing: all its faults are told, and nothing of it is used.</summary>
public sealed class ConfigurationFile
{
    /// <summary>Read from the working folder where nothing else is named.</summary>
    public const string DefaultPath = "auditor.yaml";

    /// <summary>The environment variable that names the file.</summary>
    public const string Variable = "AUDITOR__CONFIG";

    private readonly IReadOnlyList<RuleEntry> _rules;
    private readonly IReadOnlyDictionary<string, Profile> _profiles;
    private readonly RuleCatalog _catalog;

    private ConfigurationFile(RuleCatalog catalog, IReadOnlyList<RuleEntry> rules, IReadOnlyDictionary<string, Profile> profiles) => (_catalog, _rules, _profiles) = (catalog, rules, profiles);

    /// <summary>The keys at the top that are no options of <see cref="AuditorOptions"/>.</summary>
    private static readonly string[] s_sections = ["intents", "profile", "profiles", "rules"];

    /// <summary>Every key at the top: the options but the one that names the file, and the sections.</summary>
    internal static IEnumerable<string> Keys => OptionNode.Root.Children.Keys.Where(key => !key.Equals(nameof(AuditorOptions.Config), StringComparison.OrdinalIgnoreCase)).Concat(s_sections);

    /// <summary>What is declared of flows and addresses.</summary>
    public Intents Intents { get; private init; } = Intents.None;

    /// <summary>The profile in force; <see cref="Profile.Core"/> by default.</summary>
    public string ProfileName { get; private init; } = Profile.Core;

    /// <summary>Names of all profiles, sorted.</summary>
    public IEnumerable<string> ProfileNames => _profiles.Keys.Append(Profile.Core).Append(Profile.All).Order(StringComparer.Ordinal);

    /// <summary>The options by their configuration key, such as "Auditor:Ledger:Path", with their lines.</summary>
    internal IReadOnlyDictionary<string, (string Text, IntentOrigin Origin)> Settings { get; private init; } = ImmutableDictionary<string, (string, IntentOrigin)>.Empty;

    /// <summary>The file named; where none is, <see cref="DefaultPath"/> if it is there, and else a file that says nothing.</summary>
    /// <param name="path">Null or empty names none.</param>
    /// <exception cref="ConfigurationException">The file is not there, or not as it should be.</exception>
    public static ConfigurationFile Find(string? path, RuleCatalog? catalog = null) =>
        path is { Length: > 0 } ? Read(path, catalog) : File.Exists(DefaultPath) ? Read(DefaultPath, catalog) : new ConfigurationFile(catalog ?? RuleCatalog.All, [], ImmutableDictionary<string, Profile>.Empty);

    /// <summary>Reads a file.</summary>
    /// <exception cref="ConfigurationException">The file is not there, or not as it should be.</exception>
    public static ConfigurationFile Read(string path, RuleCatalog? catalog = null)
    {
        if (!File.Exists(path))
        {
            throw new ConfigurationException([$"{path} is not there; a configuration file is wanted."]);
        }

        var file = new YamlFile(path);
        var rules = new RuleSection(file, catalog ?? RuleCatalog.All);
        var intents = Intents.None;
        YamlNode? profile = null;
        var settings = new Dictionary<string, (string, IntentOrigin)>(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, keyNode, value) in file.Read() is { } top ? file.Entries(top, "", Keys) : [])
        {
            switch (key)
            {
                case "intents":
                    intents = new IntentSection(file).Read(value);
                    break;
                case "profile":
                    profile = value;
                    break;
                case "profiles":
                    rules.ReadProfiles(value);
                    break;
                case "rules":
                    rules.ReadRules(value);
                    break;
                default:
                    Flatten(file, OptionNode.Root.Children[key], keyNode, value, key, $"{AuditorOptions.Section}:{key}", settings);
                    break;
            }
        }

        var name = profile is null ? Profile.Core : file.Text(profile, "profile") ?? Profile.Core;
        if (profile is not null)
        {
            rules.Know(profile, "profile", name);
        }

        if (file.Problems.Count > 0)
        {
            throw new ConfigurationException(file.Problems);
        }

        foreach (var (knob, text, origin) in rules.Rules.Where(rule => !rule.IsScoped).SelectMany(rule => rule.Knobs))
        {
            settings[$"{AuditorOptions.Section}:Rules:{knob.Replace('.', ':')}"] = (text, origin);
        }

        return new ConfigurationFile(catalog ?? RuleCatalog.All, rules.Rules, rules.Profiles) { Intents = intents, ProfileName = name, Settings = settings };
    }

    /// <summary>The configuration with the file beneath it: what <paramref name="environment"/> says wins, key by key.</summary>
    public IConfiguration Under(IConfiguration environment) => new ConfigurationBuilder()
        .AddInMemoryCollection(Settings.Select(setting => new KeyValuePair<string, string?>(setting.Key, setting.Value.Text)))
        .AddConfiguration(environment)
        .Build();

    /// <summary>What the rules are asked with.</summary>
    /// <param name="section">The section "Auditor" of <see cref="Under"/>: knobs set in the environment win over those set everywhere in the file, not over those set for some resources.</param>
    /// <param name="profile">Instead of the file's profile; null for that.</param>
    /// <exception cref="FormatException">A value in the environment is not allowed, or there is no such profile.</exception>
    public RuleOptions RuleOptions(IConfiguration section, string? profile = null)
    {
        var name = profile ?? ProfileName;
        if (!ProfileNames.Contains(name, StringComparer.Ordinal))
        {
            throw new FormatException($"the profile is '{name}', which is none; {string.Join(", ", ProfileNames)} are there.");
        }

        var judged = Profile.RulesOf(name, _profiles, _catalog).ToBuilder();
        foreach (var rule in _rules.Where(rule => !rule.IsScoped && rule.IsOn is not null))
        {
            _ = rule.IsOn == true ? judged.Add(rule.Rule) : judged.Remove(rule.Rule);
        }

        var options = Rules.RuleOptions.Read(Knob) with { Intents = Intents };
        return options with
        {
            Judged = judged.ToValueList(),

            // Places before everywhere: the first that selects a resource decides.
            Settings = _rules.Where(rule => rule.IsScoped || rule.Severity is not null).OrderBy(rule => rule.IsScoped ? 0 : 1).Select(rule => new RuleSetting(rule.Rule, rule.Project, rule.Label, rule.Origin)
            {
                IsOn = rule.IsScoped ? rule.IsOn : null,
                Severity = rule.Severity ?? _rules.FirstOrDefault(other => other.Rule == rule.Rule && !other.IsScoped)?.Severity,
                Options = rule.IsScoped && rule.Knobs.Count > 0 ? Rules.RuleOptions.Read(knob => rule.Knobs.Where(own => own.Knob == knob).Select(own => own.Text).FirstOrDefault() ?? Knob(knob)) with { Intents = Intents } : null,
            }).ToValueList(),
        };

        string? Knob(string knob) => section[$"Rules:{knob.Replace('.', ':')}"];
    }

    /// <summary>A sentence with the line in front where the file, not the environment, says what it is about.</summary>
    internal string WithLine(string sentence, IConfiguration section)
    {
        var about = Settings.Where(setting => sentence.StartsWith(setting.Key, StringComparison.OrdinalIgnoreCase) && sentence.Length > setting.Key.Length && sentence[setting.Key.Length] is ' ' or ':')
            .OrderByDescending(setting => setting.Key.Length).FirstOrDefault();
        return about.Key is not null && section[about.Key[(AuditorOptions.Section.Length + 1)..]] == about.Value.Text ? $"{about.Value.Origin}: {sentence}" : sentence;
    }

    private static void Flatten(YamlFile file, OptionNode option, YamlNode keyNode, YamlNode value, string key, string path, Dictionary<string, (string Text, IntentOrigin Origin)> settings)
    {
        if (option.IsScalar)
        {
            if (file.Text(value, key) is not { } text)
            {
                return;
            }

            if (option.Accepts(text))
            {
                settings[path] = (text, file.At(keyNode));
            }
            else
            {
                file.Add(keyNode, $"{key} is '{text}'; {option.Wanted} is wanted");
            }
        }
        else if (option.Item is { } item)
        {
            var i = 0;
            foreach (var node in YamlFile.Items(value))
            {
                var number = (i++).ToString(CultureInfo.InvariantCulture);
                Flatten(file, item, node, node, $"{key}[{number}]", $"{path}:{number}", settings);
            }
        }
        else if (file.Mapping(value, key) is { } mapping)
        {
            foreach (var (name, nameNode, child) in file.Entries(mapping, key, option.Children.Keys))
            {
                Flatten(file, option.Children[name], nameNode, child, $"{key}.{name}", $"{path}:{name}", settings);
            }
        }
    }
}
