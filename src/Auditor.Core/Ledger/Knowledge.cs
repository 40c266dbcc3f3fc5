using System.Collections.Immutable;
using Auditor.Findings;
using Auditor.Model;
using Auditor.Rules;

namespace Auditor.Ledger;

/// <summary>What a ledger says at one head, ready to judge with: the estate, the answers of all rules on it, and all findings.</summary>
public sealed record Knowledge(Head Head, Estate Estate, Evaluations Evaluations, ImmutableDictionary<string, Finding> Findings)
{
    /// <summary>Whether nothing was ever swept or read: the next sweep is the baseline.</summary>
    public bool IsBlank => Estate.Count == 0 && Estate.CoveredProjects.Count == 0 && Findings.IsEmpty;

    /// <summary>Rebuilds it from what is stored. A stored resource that this release cannot parse becomes a gap, never a loss.</summary>
    public static Knowledge From(LedgerState state, Evaluator evaluator, DateTimeOffset now)
    {
        // Names and references were mapped to project ids before they were stored; those inside the JSON were not.
        var projectIds = state.Resources.Where(version => version.Name.Kind == ResourceKind.Project && version.Json is not null)
            .Select(version => ResourceParser.Parse(version.Name, version.Json!.Value, ImmutableDictionary<string, string>.Empty).Resource)
            .OfType<Project>().Where(project => project is { Number: not null, ProjectId: not null })
            .ToImmutableDictionary(project => project.Number!, project => project.ProjectId!, StringComparer.Ordinal);
        var gaps = state.Coverage.Gaps.ToList();
        var entries = new List<EstateEntry>(state.Resources.Length);
        foreach (var version in state.Resources)
        {
            if (version.Json is not { } json)
            {
                entries.Add(new EstateEntry(version.Name, null, version.ReadAt));
                continue;
            }

            var parsed = ResourceParser.Parse(version.Name, json, projectIds);
            if (parsed.Resource is { } resource)
            {
                entries.Add(new EstateEntry(version.Name, resource, version.ReadAt, version.LifecycleSince));
            }
            else
            {
                gaps.Add(new Gap(new GapScope(Resource: version.Name), $"the stored version is not understood: {parsed.Problem ?? "its kind is not modelled"}"));
            }
        }

        var estate = Estate.Empty.With(entries, state.Coverage.Projects, gaps);
        return new Knowledge(state.Head, estate, evaluator.Full(estate, now), state.Findings);
    }

    /// <summary>What is known after a commit of transitions.</summary>
    public Knowledge After(Head head, Estate estate, Evaluations evaluations, IEnumerable<Transition> transitions)
    {
        var findings = Findings.ToBuilder();
        foreach (var transition in transitions)
        {
            findings[transition.FindingId] = Finding.Apply(findings.GetValueOrDefault(transition.FindingId), transition);
        }

        return new Knowledge(head, estate, evaluations, findings.ToImmutable());
    }
}
