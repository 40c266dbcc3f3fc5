using System.Collections.Immutable;

namespace Auditor.Simulator.Generator;

/// <summary>What a generated estate holds, and what is wrong with it on purpose.</summary>
/// <param name="Assets">Lines by asset type.</param>
/// <param name="Workloads">Services, jobs, worker pools, functions and versions; a service under a function is not counted again.</param>
/// <param name="Targets">Cloud SQL, Redis, VMs and internal load balancers.</param>
/// <param name="Faults">Everything that the rules in <see cref="VouchedRules"/> must find, sorted; they must find nothing else.</param>
public sealed record GeneratedEstate(
    EstateNumbers Numbers, ImmutableSortedDictionary<string, int> Assets, int Workloads, int Targets, long Bytes, ImmutableArray<PlantedFault> Faults)
{
    /// <summary>The rules whose every failure is planted. The generator knows nothing of the others.</summary>
    public static ImmutableSortedSet<string> VouchedRules { get; } =
        ImmutableSortedSet.Create(StringComparer.Ordinal, "CON001", "CON002", "CON003", "CON007", "CON012", "CON013", "CON015", "EGR008", "FWL004", "NAT002");

    /// <summary>The number of lines.</summary>
    public int Lines => Assets.Values.Sum();
}

/// <summary>One fault: which rule fails, on what, and which part of it.</summary>
/// <param name="Resource">Full resource name.</param>
/// <param name="Discriminator">As the rule gives it; empty where a subject can fail only once.</param>
public sealed record PlantedFault(string RuleId, string Resource, string Discriminator) : IComparable<PlantedFault>
{
    public int CompareTo(PlantedFault? other) => other is null ? 1
        : string.CompareOrdinal(RuleId, other.RuleId) is var rule and not 0 ? rule
        : string.CompareOrdinal(Resource, other.Resource) is var resource and not 0 ? resource
        : string.CompareOrdinal(Discriminator, other.Discriminator);
}
