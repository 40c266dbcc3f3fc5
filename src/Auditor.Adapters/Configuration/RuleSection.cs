using System.Globalization;
using Auditor.Findings;
using Auditor.Reach.Intended;
using Auditor.Rules;
using YamlDotNet.RepresentationModel;

namespace Auditor.Adapters.Configuration;

/// <summary>Reads <c>profile</c>, <c>profiles</c> and <c>rules</c>.</summary>
internal sealed class RuleSection(YamlFile file, RuleCatalog catalog)
{
    public static readonly string[] ProfileKeys = ["extends", "with", "without"];
    public static readonly string[] RuleKeys = ["enabled", "severity"];
    public static readonly string[] WhereKeys = ["project", "label"];

    private readonly Dictionary<string, Profile> _profiles = new(StringComparer.Ordinal);

    /// <summary>Rules of a knob's key, or of no resource in particular; null texts leave things as they are.</summary>
    public List<RuleEntry> Rules { get; } = [];

    public IReadOnlyDictionary<string, Profile> Profiles => _profiles;

    private IEnumerable<string> RuleIds => catalog.Infos.Select(rule => rule.Id).Union(Profile.CoreRules, StringComparer.Ordinal);

    public void ReadProfiles(YamlNode node)
    {
        if (file.Mapping(node, "profiles") is not { } mapping)
        {
            return;
        }

        var extended = new List<(YamlNode Node, string Profile, string Name)>();
        foreach (var (keyNode, value) in mapping.Children)
        {
            if (file.Text(keyNode, "a name in profiles") is not { } name || file.Mapping(value, $"profiles.{name}") is not { } profile)
            {
                continue;
            }

            if (name is Profile.Core or Profile.All)
            {
                file.Add(keyNode, $"profiles.{name} is built in; another name is wanted");
                continue;
            }

            var parts = ProfileKeys.ToDictionary(key => key, _ => new List<string>(), StringComparer.Ordinal);
            foreach (var (key, _, list) in file.Entries(profile, $"profiles.{name}", ProfileKeys))
            {
                foreach (var item in YamlFile.Items(list))
                {
                    if (file.Text(item, $"profiles.{name}.{key}") is not { } text)
                    {
                        continue;
                    }

                    if (key == "extends")
                    {
                        extended.Add((item, name, text));
                        parts[key].Add(text);
                    }
                    else if (IdOf(item, text, $"profiles.{name}.{key}") is { } id)
                    {
                        parts[key].Add(id);
                    }
                }
            }

            _profiles[name] = new Profile(name, parts["extends"].ToValueList(), parts["with"].ToValueList(), parts["without"].ToValueList(), file.At(keyNode));
        }

        foreach (var (item, profile, name) in extended)
        {
            Know(item, $"profiles.{profile}.extends", name);
        }

        if (file.Problems.Count > 0)
        {
            return;
        }

        foreach (var name in _profiles.Keys)
        {
            try
            {
                Profile.RulesOf(name, _profiles, catalog);
            }
            catch (FormatException e)
            {
                file.Problems.Add(e.Message);
                return;
            }
        }
    }

    /// <summary>Adds a problem where there is no such profile.</summary>
    public void Know(YamlNode node, string key, string name)
    {
        if (name is not (Profile.Core or Profile.All) && !_profiles.ContainsKey(name))
        {
            file.Unknown(node, $"{key} is '{name}', which is no profile", name, [Profile.Core, Profile.All, .. _profiles.Keys]);
        }
    }

    public void ReadRules(YamlNode node)
    {
        if (file.Mapping(node, "rules") is not { } mapping)
        {
            return;
        }

        foreach (var (keyNode, value) in mapping.Children)
        {
            if (file.Text(keyNode, "a rule in rules") is not { } text || IdOf(keyNode, text, "rules") is not { } id || file.Mapping(value, $"rules.{id}") is not { } rule)
            {
                continue;
            }

            ReadRule(keyNode, id, rule, $"rules.{id}", null, null, isScoped: false);
        }
    }

    private void ReadRule(YamlNode at, string id, YamlMappingNode mapping, string within, string? project, KeyValuePair<string, string>? label, bool isScoped)
    {
        var knobs = KnobsOf(id).ToDictionary(knob => knob[(knob.IndexOf('.', StringComparison.Ordinal) + 1)..], StringComparer.Ordinal);
        bool? isOn = null;
        Severity? severity = null;
        var set = new List<(string Knob, string Text, IntentOrigin Origin)>();
        foreach (var (key, keyNode, value) in file.Entries(mapping, within, [.. RuleKeys, .. isScoped ? WhereKeys : ["where"], .. knobs.Keys]))
        {
            if (key == "where")
            {
                foreach (var item in YamlFile.Items(value))
                {
                    ReadRule(item, id, file.Mapping(item, $"{within}.where") ?? [], $"{within}.where", null, null, isScoped: true);
                }

                continue;
            }

            if (file.Text(value, $"{within}.{key}") is not { } text)
            {
                continue;
            }

            switch (key)
            {
                case "enabled" when bool.TryParse(text, out var on):
                    isOn = on;
                    break;
                case "enabled":
                    file.Add(keyNode, $"{within}.enabled is '{text}'; true or false is wanted");
                    break;
                case "severity" when Enum.TryParse<Severity>(text, ignoreCase: true, out var worth) && !char.IsAsciiDigit(text[0]):
                    severity = worth;
                    break;
                case "severity":
                    file.Add(keyNode, $"{within}.severity is '{text}'; {string.Join(", ", Enum.GetNames<Severity>()).ToLowerInvariant()} is wanted");
                    break;
                case "project" when isScoped:
                    project = text;
                    break;
                case "label" when isScoped:
                    label = new IntentSection(file).Label(value, $"{within}.label");
                    break;
                default:
                    ReadKnob(knobs[key], text, keyNode, set);
                    break;
            }
        }

        if (isScoped && project is null && label is null && mapping.Children.Count > 0)
        {
            file.Add(at, $"{within} names neither project nor label; one of them, or both, is wanted");
        }

        Rules.Add(new RuleEntry(id, project, label, isScoped, isOn, severity, set, file.At(at)));
    }

    private void ReadKnob(string knob, string text, YamlNode node, List<(string Knob, string Text, IntentOrigin Origin)> set)
    {
        try
        {
            RuleOptions.Read(key => key == knob ? text : null);
            set.Add((knob, text, file.At(node)));
        }
        catch (FormatException e)
        {
            file.Problems.Add($"{file.At(node)}: rules.{e.Message}");
        }
    }

    private IEnumerable<string> KnobsOf(string id) => catalog.Find(id)?.Knobs.Select(knob => knob.Key) ?? [];

    private string? IdOf(YamlNode node, string text, string key)
    {
        var ids = RuleIds.Order(StringComparer.Ordinal).ToList();
        if (ids.Find(id => id.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } id)
        {
            return id;
        }

        file.Unknown(node, $"'{text}' in {key} is no rule", text.ToUpper(CultureInfo.InvariantCulture), ids);
        return null;
    }
}

/// <summary>What the file says of one rule, everywhere or in one place.</summary>
internal sealed record RuleEntry(
    string Rule, string? Project, KeyValuePair<string, string>? Label, bool IsScoped, bool? IsOn, Severity? Severity, IReadOnlyList<(string Knob, string Text, IntentOrigin Origin)> Knobs, IntentOrigin Origin);
