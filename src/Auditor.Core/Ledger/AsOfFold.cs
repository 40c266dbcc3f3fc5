using System.Collections.Immutable;
using Auditor.Findings;
using Auditor.Model;

namespace Auditor.Ledger;

/// <summary>
/// What was true at one moment, as it was known at another: a fold over commits, by number from the first. What is recorded later never changes the
/// answer for an earlier moment of knowing; with no bounds it is the current state.
/// </summary>
/// <param name="at">The moment asked about; null for the end of all that is known.</param>
/// <param name="knownAt">Nothing recorded after this counts; null for all.</param>
/// <param name="from">Where what is retained begins; the moments asked about are not before that. Null for the first commit.</param>
public sealed class AsOfFold(DateTimeOffset? at, DateTimeOffset? knownAt, LedgerBase? from = null)
{
    private readonly RunGate _gate = new();
    private readonly Dictionary<string, Story> _stories =
        from?.State.Findings.Values.ToDictionary(finding => finding.Id, finding => new Story(finding, DateTimeOffset.MinValue, null), StringComparer.Ordinal) ?? new(StringComparer.Ordinal);
    private readonly Dictionary<ResourceName, Latest> _resources =
        from?.State.Resources.ToDictionary(version => version.Name, version => new Latest(version, version.ReadAt ?? DateTimeOffset.MinValue)) ?? [];
    private Head _head = from?.State.Head ?? Head.None;
    private Coverage _coverage = from?.State.Coverage ?? Coverage.None;
    private bool _isOver;

    /// <summary>When the first commit was recorded: of what was before, only what that one says is known. Null when there is none.</summary>
    public DateTimeOffset? Begins { get; private set; } = from?.RecordedAt;

    /// <summary>Goes on with a commit; false when this and all later ones were recorded too late to count.</summary>
    public bool Add(Commit commit)
    {
        // One that a slow clock dated earlier than the one before it was not known earlier either.
        _isOver |= commit.RecordedAt > knownAt;
        if (_isOver)
        {
            return false;
        }

        Begins ??= commit.RecordedAt;
        _head = new Head(commit.Seq, commit.Epoch, commit.Hash);
        foreach (var counted in _gate.Add(commit))
        {
            Fold(counted);
        }

        return true;
    }

    /// <summary>Resources as they were last read by then, the coverage, and findings as far as it is sure that they were so.</summary>
    public LedgerState State => new(
        _head,
        [.. _resources.Values.Select(latest => latest.Version).OfType<ResourceVersion>().OrderBy(version => version.Name.Value, StringComparer.Ordinal)],
        _coverage,
        _stories.Values.Select(story => story.Finding).OfType<Finding>().ToImmutableDictionary(finding => finding.Id, StringComparer.Ordinal));

    /// <summary>
    /// Transitions that may have happened by then, or only after: what is known is an interval that the moment lies in. By rule, resource and
    /// discriminator, one of a finding at most.
    /// </summary>
    public ImmutableArray<Transition> Undecided =>
    [
        .. _stories.Values.Select(story => story.Next).OfType<Transition>().Where(next => next.Occurred.After is null || next.Occurred.After < at)
            .OrderBy(next => next.RuleId, StringComparer.Ordinal).ThenBy(next => next.Resource).ThenBy(next => next.Discriminator, StringComparer.Ordinal),
    ];

    private void Fold(Commit commit)
    {
        foreach (var transition in commit.Transitions)
        {
            var before = _stories.GetValueOrDefault(transition.FindingId) ?? new Story(null, DateTimeOffset.MinValue, null);

            // A transition never takes effect before the one it follows, whatever their times say.
            var since = Later(before.Since, transition.Occurred.NoLaterThan);
            _stories[transition.FindingId] = before.Next is not null || since > at
                ? before with { Since = since, Next = before.Next ?? transition }
                : new Story(Finding.Apply(before.Finding, transition), since, null);
        }

        foreach (var version in commit.Resources)
        {
            var before = _resources.GetValueOrDefault(version.Name);
            var since = Later(before?.Since ?? DateTimeOffset.MinValue, version.ReadAt ?? commit.RecordedAt);
            _resources[version.Name] = new Latest(since > at ? before?.Version : version, since);
        }

        _coverage = commit.Coverage is { } coverage && !(commit.RecordedAt > at) ? coverage : _coverage;
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    // A finding as of the moment, and the first transition that may not have happened by then.
    private sealed record Story(Finding? Finding, DateTimeOffset Since, Transition? Next);

    private sealed record Latest(ResourceVersion? Version, DateTimeOffset Since);
}
