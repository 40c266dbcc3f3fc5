using Auditor.Model;
using Auditor.Network;
using Auditor.Reach.Paths;

namespace Auditor.Reach.Intended;

/// <summary>Where a declared flow goes.</summary>
public abstract record IntentTarget
{
    private IntentTarget()
    {
    }

    /// <summary>Every external address.</summary>
    public sealed record Internet : IntentTarget
    {
        public override string ToString() => "internet";
    }

    /// <summary>Google APIs by their default names.</summary>
    public sealed record GoogleApis : IntentTarget
    {
        public override string ToString() => "googleapis";
    }

    /// <summary>Whoever has these addresses.</summary>
    public sealed record Addresses(IpRange Range) : IntentTarget
    {
        public override string ToString() => Words(Range);
    }

    /// <summary>Databases, caches, file shares, VMs, internal load balancers, Private Service Connect endpoints.</summary>
    public sealed record Resources(IntentSelector Which) : IntentTarget
    {
        public override string ToString() => Which.ToString();
    }

    /// <summary>What is meant in an estate, each with all its addresses.</summary>
    /// <param name="project">Where the flow comes from: of it must be known what it has before something is said not to exist.</param>
    internal (IReadOnlyList<IGrouping<ResourceName?, ReachTarget>> Targets, string? Incomplete) Find(EstateView view, string? project)
    {
        IReadOnlyList<ReachTarget> found = this switch
        {
            Internet => [ReachTarget.Internet],
            GoogleApis => [ReachTarget.GoogleApis],
            Addresses { Range: var range } => [ReachTarget.At(range)],
            _ => view.Derive(this, inner => Selected.Of(inner, ((Resources)this).Which)).Targets,
        };
        return ([.. found.GroupBy(target => target.Resource)], this is Resources { Which: var which } ? s_kinds.Select(kind => view.WhyUnlisted(kind, which.Project ?? project)).FirstOrDefault(why => why is not null) : null);
    }

    /// <summary>Whether packets to the one may be packets to the other, whatever the estate is.</summary>
    internal bool Overlaps(IntentTarget other) => (this, other) switch
    {
        (Resources mine, Resources theirs) => mine.Which.Covers(theirs.Which),
        (Addresses mine, Addresses theirs) => mine.Range.Overlaps(theirs.Range),
        (Addresses { Range: var range }, Internet) => IsExternal(range),
        (Internet, Addresses { Range: var range }) => IsExternal(range),
        _ => this == other,
    };

    internal static string Words(IpRange range) => range.PrefixLength == (range.IsV6 ? 128 : 32) ? range.Address : range.ToString();

    private static bool IsExternal(IpRange range) => AddressSet.Of(range).Overlaps(AddressSet.External);

    private static readonly ResourceKind[] s_kinds = [ResourceKind.Instance, ResourceKind.ForwardingRule, .. ManagedEndpoint.Kinds];

    // Looks at every target there is: found once for all that ask.
    private sealed record Selected(IReadOnlyList<ReachTarget> Targets)
    {
        public static Selected Of(EstateView view, IntentSelector which) => new([.. ReachTarget.All(view, []).Where(target => target.Resource is { } name && view.Find<Resource>(name) is Lookup<Resource>.Found { Resource: var resource } && which.Matches(resource))]);
    }
}
