using System.Collections.Immutable;
using Auditor.Reach.Intended;

namespace Auditor.Rules;

/// <summary>A set of rules that are judged together, under a name.</summary>
/// <param name="Extends">Profiles whose rules it takes.</param>
/// <param name="With">Ids of rules that it adds.</param>
/// <param name="Without">Ids of rules that it leaves out of what it takes.</param>
public sealed record Profile(string Name, ValueList<string> Extends, ValueList<string> With, ValueList<string> Without, IntentOrigin Origin)
{
    /// <summary>The profile of the rules that matter most; the default.</summary>
    public const string Core = "core";

    /// <summary>The profile of every rule.</summary>
    public const string All = "all";

    /// <summary>The ids in <see cref="Core"/>, sorted.</summary>
    public static ImmutableSortedSet<string> CoreRules { get; } = ImmutableSortedSet.Create(
        StringComparer.Ordinal,
        [
            .. Of("CON", 1, 2, 3, 4, 6, 7, 9, 12, 13, 15, 16, 21), .. Of("EGR", 1, 2, 4, 5, 6, 8, 9, 13), .. Of("DVE", 1, 2, 3, 6, 8),
            .. Of("FWL", 1, 2, 3, 4, 6, 7, 8, 9, 13, 14, 17, 18, 20, 21, 22, 23), .. Of("NAT", 1, 2, 3, 4, 5, 7), .. Of("RTE", 1, 2, 5), .. Of("TGT", 1, 2, 3, 4, 8),
            .. Of("ISO", 1, 3, 4), .. Of("ORG", 1, 4), .. Of("OBS", 3), .. Of("CHG", 1, 6), .. Of("CST", 1), .. Of("SYS", 1, 2),
        ]);

    /// <summary>The ids of a profile's rules, sorted.</summary>
    /// <param name="own">Profiles beside the two that are built in.</param>
    /// <exception cref="FormatException">A profile extends itself, at once or through others; the message names where and the circle.</exception>
    public static ImmutableSortedSet<string> RulesOf(string name, IReadOnlyDictionary<string, Profile> own, RuleCatalog catalog) => RulesOf(name, own, catalog, []);

    private static ImmutableSortedSet<string> RulesOf(string name, IReadOnlyDictionary<string, Profile> own, RuleCatalog catalog, ImmutableArray<string> path)
    {
        if (name is Core or All)
        {
            return name == Core ? CoreRules : catalog.Infos.Select(rule => rule.Id).ToImmutableSortedSet(StringComparer.Ordinal);
        }

        var profile = own[name];
        return path.Contains(name)
            ? throw new FormatException($"{profile.Origin}: profiles.{name} extends itself: {string.Join(" -> ", path.SkipWhile(other => other != name))} -> {name}; profiles without a circle are wanted.")
            : profile.Extends.Aggregate(ImmutableSortedSet.Create<string>(StringComparer.Ordinal), (all, other) => all.Union(RulesOf(other, own, catalog, path.Add(name)))).Union(profile.With).Except(profile.Without);
    }

    private static IEnumerable<string> Of(string family, params int[] numbers) => numbers.Select(number => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{family}{number:000}"));
}
