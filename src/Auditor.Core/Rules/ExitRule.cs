using Auditor.Findings;
using Auditor.Model;
using Auditor.Reach.Flows;
using Auditor.Reach.Paths;

namespace Auditor.Rules;

/// <summary>A rule on how workloads that send all their traffic into a network get out of it again. Judges all that serves; the worst counts.</summary>
public abstract class ExitRule : StateRule<Workload>
{
    protected override bool IsSubject(Workload subject) => subject is not RunRevision;

    protected override IEnumerable<Verdict> Evaluate(Workload subject, EstateView view, RuleOptions options)
    {
        yield return WorkloadScope.WhyOutside(subject, view) is { } outside ? DoesNotApply(outside)
            : PathSource.Of(subject, view).Select(source => Judge(subject, source, view, options)).MinBy(verdict => verdict switch { Verdict.Failed => 0, Verdict.Unknown => 1, Verdict.Passed => 2, _ => 3 })!;
    }

    /// <summary>The verdict on packets that come into the network.</summary>
    private protected abstract Verdict Judge(Workload subject, PathWalk walk, RuleOptions options);

    private Verdict Judge(Workload subject, PathSource source, EstateView view, RuleOptions options)
    {
        if (source.IsUnread)
        {
            return Unknown(source.Missing!);
        }

        switch (source.Workload.VpcAccess?.Egress)
        {
            case null:
                return DoesNotApply("the workload is attached to no network");
            case VpcEgress.PrivateRangesOnly:
                return DoesNotApply("the workload sends only private ranges into the VPC");
            case VpcEgress.AllTraffic:
                break;
            default:
                return Unknown("the egress setting is not recognised");
        }

        var walk = PathWalk.Of(view, source);
        return walk.Attachment!.Ends is not { } ends ? Judge(subject, walk, options)
            : ends.Effect == PathEffect.Unknown ? Unknown(string.Join("; ", ends.Because))
            : DoesNotApply($"nothing gets into the network: {ends.Reason}, decided by {ends.DecidedBy}");
    }

    /// <summary>The parts of a walk to a target that end at a stage.</summary>
    private protected static IReadOnlyList<PathPart> EndingAt(PathWalk walk, ReachTarget target, PathStage stage) => [.. walk.Find(target).Parts.Where(part => part.End!.Stage == stage)];
}
