namespace Auditor.Reach.Intended;

/// <summary>What people have declared of their estate: which flows must work, which must never exist, and by which addresses workloads leave.</summary>
public sealed record Intents
{
    /// <summary>Nothing is declared.</summary>
    public static Intents None { get; } = new();

    /// <summary>In the order declared; names are unique among all intents.</summary>
    public ValueList<FlowIntent> Flows { get; init; }

    /// <summary>In the order declared.</summary>
    public ValueList<EgressIntent> Egress { get; init; }

    public bool IsEmpty => Flows.IsEmpty && Egress.IsEmpty;

    /// <summary>What contradicts itself whatever the estate is: one sentence each; empty when nothing does.</summary>
    public IEnumerable<string> Contradictions() =>
        (from must in Flows
         from never in Flows
         where must.Demand == FlowDemand.Must && never.Demand == FlowDemand.Never && never.From.Covers(must.From) && never.To.Overlaps(must.To) && never.MayMeet(must)
         select $"{must.Origin}: {must.Name} must work, and by {never.Origin} ({never.Name}) it must never; one of the two is wanted.")
        .Concat(
            from one in Egress
            from other in Egress
            where one.Origin.Line < other.Origin.Line && (one.From.Covers(other.From) || other.From.Covers(one.From))
            select $"{other.Origin}: {other.Name} gives addresses to workloads that by {one.Origin} ({one.Name}) have others; one of the two is wanted.");
}

/// <summary>Where an intent is declared.</summary>
public sealed record IntentOrigin(string File, int Line)
{
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{File}:{Line}");
}
