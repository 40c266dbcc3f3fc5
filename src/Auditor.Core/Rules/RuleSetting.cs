using Auditor.Findings;
using Auditor.Model;
using Auditor.Reach.Intended;

namespace Auditor.Rules;

/// <summary>What is set of one rule for some resources: whether it is judged, how severe its findings are, its knobs. What is not said stays as it is elsewhere.</summary>
/// <param name="Project">Where it holds; null in every project.</param>
/// <param name="Label">What it holds for: a label of the resource, or where the resource has none of that key, of its project; null for all.</param>
public sealed record RuleSetting(string Rule, string? Project, KeyValuePair<string, string>? Label, IntentOrigin Origin)
{
    /// <summary>Null when nothing is said.</summary>
    public bool? IsOn { get; init; }

    /// <summary>Null leaves the rule's own.</summary>
    public Severity? Severity { get; init; }

    /// <summary>All options with the knobs set here; null where none is.</summary>
    public RuleOptions? Options { get; init; }

    /// <summary>Whether it holds for a resource, or why that is not known.</summary>
    internal (bool Holds, string? Missing) For(Resource subject, EstateView view)
    {
        if (Project is not null && subject.Name.Project != Project)
        {
            return (false, null);
        }

        if (Label is not { } label)
        {
            return (true, null);
        }

        if (LabelList.Of(subject).Find(label.Key) is { } own)
        {
            return (own == label.Value, null);
        }

        return subject.Name.Project is not { } project ? (false, null) : view.Find<Project>(ResourceName.Of(ResourceKind.Project, project)) switch
        {
            Lookup<Project>.Found { Resource: var found } => (found.Labels.Find(label.Key) == label.Value, null),
            Lookup<Project>.Unread { Reason: var reason } => (false, $"whether {Origin} holds here depends on label {label.Key} of project {project}: {reason}"),
            _ => (false, null),
        };
    }
}

/// <summary>What holds of a rule for one resource.</summary>
/// <param name="OffBecause">Why the rule is not judged; null when it is.</param>
/// <param name="Missing">Why it is not known what holds; null when it is.</param>
internal sealed record RuleChoice(RuleOptions Options, Severity? Severity, string? OffBecause, string? Missing)
{
    public static RuleChoice Of(string rule, Resource subject, EstateView view, RuleOptions options)
    {
        var isOn = options.Judged?.Contains(rule) ?? true;
        var off = isOn ? null : "the rule is not in the profile";
        var knobs = options;
        Severity? severity = null;
        foreach (var setting in options.Settings.Where(setting => setting.Rule == rule))
        {
            var (holds, missing) = setting.For(subject, view);
            if (missing is not null)
            {
                return new RuleChoice(options, null, null, missing);
            }

            if (holds)
            {
                off = setting.IsOn switch { true => null, false => $"the rule is switched off by {setting.Origin}", null => off };
                severity = setting.Severity;
                knobs = setting.Options ?? options;
                break;
            }
        }

        return new RuleChoice(knobs, severity, off, null);
    }
}
