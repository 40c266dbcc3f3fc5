namespace Auditor.Reach.Paths;

/// <summary>Flows that are spread over several ways: equal routes, or the backends of a load balancer.</summary>
internal static class Alternatives
{
    /// <summary>One partition of the packets, where each way is a partition of the same packets. Where all fail, the first way tells why.</summary>
    public static IEnumerable<PathPart> Join(IReadOnlyList<List<PathPart>> ways)
    {
        if (ways.Count == 1)
        {
            return ways[0];
        }

        var cells = ways[0].ConvertAll(part => (Part: part, All: new List<PathPart> { part }));
        foreach (var way in ways.Skip(1))
        {
            cells = [.. from cell in cells from other in way let both = Both(cell.Part, other) where both is not null select (both, cell.All.Append(other).ToList())];
        }

        return cells.Select(cell => Join(cell.Part, cell.All));
    }

    private static PathPart? Both(PathPart left, PathPart right)
    {
        var sources = left.Sources is { } some && right.Sources is { } others ? some.Intersect(others) : left.Sources;
        var destinations = left.Destinations.Intersect(right.Destinations);
        var traffic = left.Traffic.Intersect(right.Traffic);
        return sources is { IsEmpty: true } || destinations.IsEmpty || traffic.IsEmpty ? null : left with { Sources = sources, Destinations = destinations, Traffic = traffic };
    }

    private static PathPart Join(PathPart cell, List<PathPart> ways)
    {
        var passes = ways.Exists(way => way.End!.Effect is PathEffect.Reachable or PathEffect.Partial);
        var fails = ways.Find(way => way.End!.Effect is PathEffect.Blocked or PathEffect.Partial);
        var undecided = ways.FindAll(way => way.End!.Effect == PathEffect.Unknown);
        var (telling, end) = passes && fails is not null ? (fails, fails.End! with { Effect = PathEffect.Partial })
            : undecided.Count > 0 ? (undecided[0], undecided[0].End! with { Because = undecided.SelectMany(way => way.End!.Because).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToValueList() })
            : fails is not null ? (fails, fails.End!)
            : (ways[0], ways[0].End!);
        return cell with { Trail = telling.Trail, End = end };
    }
}
