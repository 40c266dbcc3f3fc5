using System.Collections.Immutable;
using Auditor.Changes;
using Auditor.Model;

namespace Auditor.Ledger;

/// <summary>Brings what was read into an estate: what differs, what is proved absent, what could not be read.</summary>
public static class Reconciler
{
    /// <summary>The next estate after reads of single resources.</summary>
    /// <param name="changes">The changes behind the reads; they date the start of a lifecycle.</param>
    /// <param name="readVariables">Whether workloads' variables are looked at for endpoints.</param>
    public static Reconciled Apply(Estate estate, IReadOnlyList<ResourceState> states, IReadOnlyList<Change> changes, bool readVariables = true)
    {
        // Projects first: their numbers stand in the names of others.
        var projects = states.Where(state => state is ResourceState.Present && state.Name.Kind == ResourceKind.Project).ToList();
        if (projects.Count > 0 && projects.Count < states.Count)
        {
            var first = Apply(estate, projects, changes, readVariables);
            var rest = Apply(first.Next, [.. states.Where(state => !projects.Contains(state))], changes, readVariables);
            return rest with { Versions = [.. first.Versions, .. rest.Versions], Changed = [.. first.Changed, .. rest.Changed] };
        }

        var read = states.Select(state => state.Name.WithProjectId(estate.ProjectIdsByNumber)).ToImmutableHashSet();
        var gaps = estate.Gaps.RemoveAll(gap => gap.Scope.Resource is { } one && read.Contains(one));
        var entries = new List<EstateEntry>();
        var versions = new List<ResourceVersion>();
        var changed = new List<ResourceName>();
        foreach (var state in states)
        {
            switch (state)
            {
                case ResourceState.Present present:
                    Add(present);
                    break;
                case ResourceState.Absent absent:
                    Put(new EstateEntry(absent.Name, null, absent.ReadAt), null);
                    break;
                case ResourceState.Unreadable unreadable:
                    gaps = gaps.Add(new Gap(new GapScope(Resource: unreadable.Name), unreadable.Reason));
                    changed.Add(unreadable.Name);
                    break;
            }
        }

        gaps = [.. gaps.OrderBy(gap => gap.Scope.ToString(), StringComparer.Ordinal).ThenBy(gap => gap.Reason, StringComparer.Ordinal)];
        return new Reconciled(estate.With(entries, gaps: gaps), versions, changed);

        void Add(ResourceState.Present present)
        {
            var parsed = ResourceParser.Parse(present.Name, present.Json, estate.ProjectIdsByNumber, keepJson: true, readVariables);
            if (parsed.Resource is not { } resource)
            {
                gaps = gaps.Add(new Gap(new GapScope(Resource: present.Name), $"not understood: {parsed.Problem ?? "its kind is not modelled"}"));
                changed.Add(present.Name);
                return;
            }

            var old = estate.Find(parsed.Name);
            var since = old?.Resource?.Lifecycle == resource.Lifecycle && old?.Resource is not null
                ? old.LifecycleSince
                : changes.Where(change => change.Trigger is not Trigger.RecordOnly && change.Resources.Contains(parsed.Name)).Select(change => (DateTimeOffset?)change.OccurredAt).Min() ?? present.ReadAt;
            Put(new EstateEntry(parsed.Name, resource, present.ReadAt, resource.Lifecycle is null ? null : since), parsed.CanonicalJson);
        }

        void Put(EstateEntry entry, byte[]? json)
        {
            entries.Add(entry);
            var old = estate.Find(entry.Name);
            if (old is not null && Equals(old.Resource, entry.Resource) && estate.WhyHidden(entry.Name) is null)
            {
                return;
            }

            changed.Add(entry.Name);
            versions.Add(new ResourceVersion(entry.Name, json is null ? null : System.Text.Json.JsonElement.Parse(json), entry.ReadAt, entry.LifecycleSince));
        }
    }

    /// <summary>
    /// The next estate after a sweep: everything of the covered projects that the picture does not show, and no gap hides, is absent. What was read
    /// after the sweep began is newer than the picture and stays.
    /// </summary>
    public static Reconciled Apply(Estate estate, Picture picture, DateTimeOffset begunAt, bool readVariables = true)
    {
        // Coverage first: what a failed listing hides must not be taken for absent. The picture says all there is to say of what is hidden, but for
        // single resources outside the swept projects, which are read one by one.
        var gaps = estate.Gaps.Where(gap => gap.Scope.Resource is { } one && !picture.Projects.Contains(one.Project)).Concat(picture.Gaps).Distinct().ToList();
        var covered = picture.Projects.ToImmutableHashSet(StringComparer.Ordinal);
        var newer = estate.Entries.Where(entry => entry.ReadAt > begunAt).Select(entry => entry.Name).ToImmutableHashSet();
        var seen = picture.States.Select(state => state.Name.WithProjectId(estate.ProjectIdsByNumber)).ToImmutableHashSet();
        var gone = estate.Resources
            .Where(resource => resource.Project is { } project && picture.Projects.Contains(project) && !seen.Contains(resource.Name) && !newer.Contains(resource.Name) && !picture.Gaps.Any(gap => gap.Scope.Hides(resource.Name)))
            .Select(resource => new ResourceState.Absent(resource.Name, begunAt));
        var reconciled = Apply(estate.With([], covered, gaps), [.. picture.States.Where(state => !newer.Contains(state.Name)), .. gone], [], readVariables);
        return reconciled with { CoverageChanged = !covered.SetEquals(estate.CoveredProjects) || !reconciled.Next.Gaps.SequenceEqual(estate.Gaps) };
    }
}

/// <summary>An estate after reads, and what differs from the one before.</summary>
/// <param name="Versions">What the ledger has to keep, in the order read.</param>
/// <param name="Changed">Names whose facts, or whose readability, differ.</param>
public sealed record Reconciled(Estate Next, IReadOnlyList<ResourceVersion> Versions, IReadOnlyList<ResourceName> Changed)
{
    /// <summary>Whether covered projects or gaps differ.</summary>
    public bool CoverageChanged { get; init; }
}
