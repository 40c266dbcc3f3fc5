using System.Collections.Immutable;
using Auditor.Findings;

namespace Auditor.Ledger;

/// <summary>The current state as a fold over commits, from a state on: the same as the projections that a store keeps. Commits go in by number.</summary>
/// <param name="start">What was so after the commits before; its head is one at which no run was open.</param>
public sealed class StateFold(LedgerState start)
{
    private readonly RunGate _gate = new();
    private readonly SortedDictionary<string, ResourceVersion> _resources = new(StringComparer.Ordinal);
    private readonly ImmutableDictionary<string, Finding>.Builder _findings = start.Findings.ToBuilder();
    private Coverage _coverage = start.Coverage;

    /// <summary>The last commit that went in.</summary>
    public Head Head { get; private set; } = start.Head;

    /// <summary>Goes on with a commit; one that is only a part of a run counts once the last part is there.</summary>
    public void Add(Commit commit)
    {
        Head = new Head(commit.Seq, commit.Epoch, commit.Hash);
        foreach (var counted in _gate.Add(commit))
        {
            foreach (var version in counted.Resources)
            {
                _resources[version.Name.Value] = version;
            }

            foreach (var transition in counted.Transitions)
            {
                _findings[transition.FindingId] = Finding.Apply(_findings.GetValueOrDefault(transition.FindingId), transition);
            }

            _coverage = counted.Coverage ?? _coverage;
        }
    }

    /// <summary>What is so after all of them.</summary>
    public LedgerState State => start with { Head = Head, Resources = Merged(), Coverage = _coverage, Findings = _findings.ToImmutable() };

    // Two sorted lists; what is new replaces what was.
    private ImmutableArray<ResourceVersion> Merged()
    {
        if (_resources.Count == 0)
        {
            return start.Resources;
        }

        var merged = ImmutableArray.CreateBuilder<ResourceVersion>(start.Resources.Length + _resources.Count);
        var old = 0;
        foreach (var (name, version) in _resources)
        {
            int order;
            while (old < start.Resources.Length && (order = string.CompareOrdinal(start.Resources[old].Name.Value, name)) <= 0)
            {
                if (order < 0)
                {
                    merged.Add(start.Resources[old]);
                }

                old++;
            }

            merged.Add(version);
        }

        merged.AddRange(start.Resources.AsSpan()[old..]);
        return merged.ToImmutable();
    }
}
