using System.Collections.Immutable;
using Auditor.Simulator.Entries;

namespace Auditor.Simulator.Demo;

/// <summary>
/// One thing that happens in the demo: what it does to the cloud, what the audit log then says, and what an auditor should make of it. Apply it
/// first, then deliver the entries in the order given.
/// </summary>
/// <param name="Name">A few words in kebab case.</param>
/// <param name="Story">One sentence for whoever watches.</param>
public sealed record DemoStep(string Name, string Story)
{
    private readonly Action<SimulatedCloud> _apply = static _ => { };
    private readonly Func<AuditEntries, IReadOnlyList<byte[]>> _entries = static _ => [];

    /// <summary>Findings that open.</summary>
    public ImmutableArray<ExpectedFinding> Opens { get; init; } = [];

    /// <summary>Findings that resolve; each is one that an earlier step opened.</summary>
    public ImmutableArray<ExpectedFinding> Resolves { get; init; } = [];

    internal Action<SimulatedCloud> Change { init => _apply = value; }

    internal Func<AuditEntries, IReadOnlyList<byte[]>> Log { init => _entries = value; }

    /// <summary>Does it.</summary>
    public void Apply(SimulatedCloud cloud) => _apply(cloud);

    /// <summary>The log entries, in the order of delivery. May deliver earlier ones again.</summary>
    public IReadOnlyList<byte[]> LogEntries(AuditEntries entries) => _entries(entries);
}
