using System.Collections.Immutable;
using Auditor.Model;
using Auditor.Reach.Flows;

namespace Auditor.Reach.Paths;

/// <summary>What runs, by workload and by how it leaves. Looking at it works out what each of them can reach.</summary>
internal sealed class ReachIndex
{
    private static readonly ReachIndex s_empty = new(new object(), ImmutableDictionary<ResourceName, ValueList<PathSource>>.Empty, ImmutableDictionary<(VpcAccess?, string), ImmutableSortedSet<ResourceName>>.Empty);

    // The same for all that were brought up to date from one.
    private readonly object _lineage;
    private readonly ImmutableDictionary<ResourceName, ValueList<PathSource>> _byWorkload;
    private readonly ImmutableDictionary<(VpcAccess? Access, string Region), ImmutableSortedSet<ResourceName>> _byAttachment;

    private ReachIndex(object lineage, ImmutableDictionary<ResourceName, ValueList<PathSource>> byWorkload, ImmutableDictionary<(VpcAccess? Access, string Region), ImmutableSortedSet<ResourceName>> byAttachment) =>
        (_lineage, _byWorkload, _byAttachment) = (lineage, byWorkload, byAttachment);

    public static ReachIndex Of(EstateView view) => view.Derive("", Collect, static (inner, before, lapse) => before.Update(inner, lapse));

    /// <summary>What of a workload runs.</summary>
    public ValueList<PathSource> Of(ResourceName workload) => _byWorkload.GetValueOrDefault(workload);

    /// <summary>The workloads that may fare differently in the other's estate, where <paramref name="lapse"/> tells what lies between; all where it does not.</summary>
    public IEnumerable<ResourceName> Touched(EstateView view, ReachIndex other, EstateView otherView, Lapse? lapse) => lapse is null || _lineage != other._lineage
        ? _byWorkload.Keys.Union(other._byWorkload.Keys)
        : _byAttachment.Keys.Union(other._byAttachment.Keys).Where(attachment => !ReferenceEquals(ReachOf(attachment, view), ReachOf(attachment, otherView)))
            .SelectMany(attachment => _byAttachment.GetValueOrDefault(attachment, []).Union(other._byAttachment.GetValueOrDefault(attachment, [])))
            .Concat(Depending(lapse.Changes.Keys, view)).Concat(Depending(lapse.Changes.Keys, otherView)).Distinct();

    // Estates share what no change between them touched.
    private static object? ReachOf((VpcAccess? Access, string Region) attachment, EstateView view) => view.Remembered.Find(new FactKey(typeof(AttachmentReach), attachment))?.Value;

    private static ReachIndex Collect(EstateView view) => new ReachIndex(new object(), s_empty._byWorkload, s_empty._byAttachment)
        .With(view, ConnectorUsers.Kinds.SelectMany(kind => view.OfKind<Workload>(kind).Items).Select(workload => workload.Name), []);

    // Null where something else decides what runs, such as an App Engine application.
    private ReachIndex? Update(EstateView view, Lapse lapse)
    {
        if (lapse.References.Any(reference => view.HadLookedAt(reference) && reference.Kind != ResourceKind.RunRevision && !ConnectorUsers.Kinds.Contains(reference.Kind)))
        {
            return null;
        }

        var underneath = lapse.Changes.Values.Select(change => change.Before).OfType<Function>().Select(function => function.RunService).OfType<ResourceName>();
        return With(
            view,
            Depending(lapse.Changes.Keys, view).Concat(underneath).Distinct(),
            lapse.Outdated.Where(key => key.Type == typeof(AttachmentReach)).Select(key => ((VpcAccess?, string))key.Key));
    }

    // A revision may be one that a service serves; a service may be under a function, or hidden by one.
    private static IEnumerable<ResourceName> Depending(IEnumerable<ResourceName> names, EstateView view) => names.SelectMany(name => name.Kind switch
    {
        ResourceKind.RunRevision => view.Referrers<RunService>(ResourceKind.RunService, name).Items.SelectMany(service => WithFunctions(service.Name, view)),
        ResourceKind.RunService => WithFunctions(name, view),
        ResourceKind.Function when view.Find<Function>(name) is Lookup<Function>.Found { Resource.RunService: { } underneath } => [name, underneath],
        _ when ConnectorUsers.Kinds.Contains(name.Kind) => [name],
        _ => (IEnumerable<ResourceName>)[],
    });

    private static IEnumerable<ResourceName> WithFunctions(ResourceName service, EstateView view) => view.Referrers<Function>(ResourceKind.Function, service).Items.Select(function => function.Name).Append(service);

    private ReachIndex With(EstateView view, IEnumerable<ResourceName> workloads, IEnumerable<(VpcAccess? Access, string Region)> attachments)
    {
        var (byWorkload, byAttachment) = (_byWorkload.ToBuilder(), _byAttachment.ToBuilder());
        foreach (var group in workloads.GroupBy(name => name.Kind))
        {
            var names = group.ToList();
            var items = view.OfKind<Workload>(group.Key, names).Items.ToDictionary(workload => workload.Name);
            foreach (var name in names)
            {
                foreach (var key in byWorkload.GetValueOrDefault(name).Where(source => !source.IsUnread).Select(AttachmentReach.KeyOf).Distinct())
                {
                    var left = byAttachment[key].Remove(name);
                    if (left.IsEmpty)
                    {
                        byAttachment.Remove(key);
                    }
                    else
                    {
                        byAttachment[key] = left;
                    }
                }

                var sources = items.TryGetValue(name, out var workload) && WorkloadScope.WhyOutside(workload, view) is null ? PathSource.Of(workload, view).ToValueList() : [];
                if (sources.IsEmpty)
                {
                    byWorkload.Remove(name);
                    continue;
                }

                byWorkload[name] = sources;
                foreach (var source in sources.Where(source => !source.IsUnread))
                {
                    var key = AttachmentReach.KeyOf(source);
                    byAttachment[key] = byAttachment.GetValueOrDefault(key, []).Add(name);
                    AttachmentReach.Of(view, source);
                }
            }
        }

        foreach (var attachment in attachments)
        {
            if (byAttachment.GetValueOrDefault(attachment, []) is [var one, ..])
            {
                AttachmentReach.Of(view, byWorkload[one].First(source => !source.IsUnread && AttachmentReach.KeyOf(source) == attachment));
            }
        }

        return new ReachIndex(_lineage, byWorkload.ToImmutable(), byAttachment.ToImmutable());
    }
}
