namespace Auditor.Reach.Paths;

/// <summary>What becomes of every packet that was asked about: the parts are disjoint and cover the question.</summary>
public sealed record PathAnswer(ValueList<PathPart> Parts)
{
    /// <summary>Over all packets: reachable or blocked when all are, unknown when only that keeps them from it, partial otherwise.</summary>
    public PathEffect Disposition
    {
        get
        {
            var (passes, fails, isUnknown) = (false, false, false);
            foreach (var part in Parts)
            {
                passes |= part.End!.Effect is PathEffect.Reachable or PathEffect.Partial;
                fails |= part.End.Effect is PathEffect.Blocked or PathEffect.Partial;
                isUnknown |= part.End.Effect == PathEffect.Unknown;
            }

            return passes && fails ? PathEffect.Partial : isUnknown ? PathEffect.Unknown : fails ? PathEffect.Blocked : PathEffect.Reachable;
        }
    }

    /// <summary>The part that tells why the disposition is what it is: blocked before partial before unknown, the earliest stage first.</summary>
    public PathPart Telling => Parts.OrderBy(part => part.End!.Effect switch { PathEffect.Blocked => 0, PathEffect.Partial => 1, PathEffect.Unknown => 2, _ => 3 })
        .ThenBy(part => part.End!.Stage).ThenBy(part => part.End!.DecidedBy?.Name, StringComparer.Ordinal).First();

    /// <summary>The parts with one effect.</summary>
    public IEnumerable<PathPart> Of(PathEffect effect) => Parts.Where(part => part.End!.Effect == effect);
}
