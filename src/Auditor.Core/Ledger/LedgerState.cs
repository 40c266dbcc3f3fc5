using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Auditor.Findings;
using Auditor.Model;

namespace Auditor.Ledger;

/// <summary>What the projections say at a head: all runs that came to their end, and nothing of one that did not.</summary>
/// <param name="Resources">The latest version of each, by name.</param>
public sealed record LedgerState(Head Head, ImmutableArray<ResourceVersion> Resources, Coverage Coverage, ImmutableDictionary<string, Finding> Findings)
{
    /// <summary>Before the first commit.</summary>
    public static LedgerState Empty { get; } = new(Head.None, [], Coverage.None, ImmutableDictionary.Create<string, Finding>(StringComparer.Ordinal));

    /// <summary>The commit of the snapshot that it was read from; 0 when it was read from the projections.</summary>
    [JsonIgnore]
    public long SnapshotSeq { get; init; }

    /// <summary>Why the newest snapshot could not be used, completing "the snapshot …"; null when it could, or there is none.</summary>
    [JsonIgnore]
    public string? SnapshotProblem { get; init; }

    /// <summary>The estate, now or of the moment that the state is of. A stored resource that this release cannot parse becomes a gap, never a loss.</summary>
    public Estate ToEstate()
    {
        // Names and references were mapped to project ids before they were stored; those inside the JSON were not.
        var projectIds = Resources.Where(version => version.Name.Kind == ResourceKind.Project && version.Json is not null)
            .Select(version => ResourceParser.Parse(version.Name, version.Json!.Value, ImmutableDictionary<string, string>.Empty).Resource)
            .OfType<Project>().Where(project => project is { Number: not null, ProjectId: not null })
            .ToImmutableDictionary(project => project.Number!, project => project.ProjectId!, StringComparer.Ordinal);
        var read = Resources.AsParallel().AsOrdered().Select(version => (Version: version, Parsed: version.Json is { } json ? ResourceParser.Parse(version.Name, json, projectIds) : null)).ToList();
        return Estate.Empty.With(
            read.Where(one => one.Parsed is not { Resource: null }).Select(one => new EstateEntry(one.Version.Name, one.Parsed?.Resource, one.Version.ReadAt, one.Version.LifecycleSince)),
            Coverage.Projects,
            Coverage.Gaps.Concat(read.Where(one => one.Parsed is { Resource: null })
                .Select(one => new Gap(new GapScope(Resource: one.Version.Name), $"the stored version is not understood: {one.Parsed!.Problem ?? "its kind is not modelled"}"))));
    }
}
