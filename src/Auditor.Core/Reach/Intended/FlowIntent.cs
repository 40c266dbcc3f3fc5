using Auditor.Model;
using Auditor.Network;
using Auditor.Reach.Paths;

namespace Auditor.Reach.Intended;

/// <summary>What is demanded of a flow.</summary>
public enum FlowDemand
{
    Must,
    Never,
}

/// <summary>A flow that must work from every address of its sources, or of which no packet may ever arrive.</summary>
/// <param name="Name">Unique among all intents; findings are told apart by it.</param>
/// <param name="Ports">Empty means: a flow that must work has the service ports of its target (where none is known, any TCP port will do), one that must never exist has every protocol and port.</param>
public sealed record FlowIntent(string Name, FlowDemand Demand, IntentSelector From, IntentTarget To, ValueList<ServicePorts> Ports, IntentOrigin Origin)
{
    /// <summary>The packets; null where the target says it.</summary>
    internal IntervalSet<uint>? Traffic => Ports.IsEmpty ? Demand == FlowDemand.Never ? Network.Traffic.All : null
        : Ports.Aggregate(default(IntervalSet<uint>), (all, ports) => all.Union(ports.Traffic));

    internal bool MayMeet(FlowIntent other) => Traffic is not { } mine || other.Traffic is not { } theirs || mine.Overlaps(theirs);

    /// <summary>How it stands for one workload, target by target.</summary>
    public IEnumerable<IntentAnswer> Judge(Workload workload, EstateView view)
    {
        var (targets, incomplete) = To.Find(view, workload.Name.Project);
        if (targets.Count == 0)
        {
            var nobody = $"there is no target {To}";
            return [new IntentAnswer(Name, To.ToString(), incomplete is not null ? IntentStanding.Unknown : Demand == FlowDemand.Must ? IntentStanding.Broken : IntentStanding.Void,
                incomplete is not null ? $"{nobody} here, and there may be one: {incomplete}" : nobody)];
        }

        var sources = PathSource.Of(workload, view).Select(source => (Source: source, Walk: source.IsUnread ? null : PathWalk.Of(view, source))).ToList();
        return targets.Select(target =>
        {
            var answers = sources.Select(pair => pair.Walk is not { } walk ? FlowAnswer.Unread(pair.Source.Missing!)
                : Demand == FlowDemand.Must ? FlowAnswer.OfMust(this, walk, pair.Source, target)
                : FlowAnswer.OfNever(this, walk, pair.Source, target));
            return answers.OrderBy(answer => answer.Standing switch { IntentStanding.Broken => 0, IntentStanding.Unknown => 1, _ => 2 }).First() with
            {
                Intent = To is IntentTarget.Resources ? $"{Name} -> {target.Key!.Value.Path}" : Name,
                Target = target.First().ShortName,
            };
        });
    }
}
