using System.Collections.Immutable;
using System.Reflection;

namespace Auditor.Rules;

/// <summary>All rules, sorted by id. A rule is found because it exists; nothing registers it.</summary>
public sealed class RuleCatalog
{
    private RuleCatalog(IEnumerable<StateRule> rules) => StateRules = [.. rules.OrderBy(rule => rule.Info.Id, StringComparer.Ordinal)];

    /// <summary>Every rule of the product.</summary>
    public static RuleCatalog All { get; } = new(
        typeof(StateRule).Assembly.GetTypes()
            .Where(type => type is { IsAbstract: false } && type.IsAssignableTo(typeof(StateRule)))
            .Select(type => (StateRule)Activator.CreateInstance(type, BindingFlags.Instance | BindingFlags.Public, null, null, null)!));

    /// <summary>The state rules.</summary>
    public ImmutableArray<StateRule> StateRules { get; }

    /// <summary>What people read about every rule.</summary>
    public IEnumerable<RuleInfo> Infos => StateRules.Select(rule => rule.Info);

    /// <summary>A rule by id, letter case aside; null when there is none.</summary>
    public RuleInfo? Find(string id) => Infos.FirstOrDefault(info => info.Id.Equals(id, StringComparison.OrdinalIgnoreCase));

    /// <summary>A catalog of just these rules, for tests.</summary>
    public static RuleCatalog Of(params IEnumerable<StateRule> rules) => new(rules);
}
