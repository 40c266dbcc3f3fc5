using System.Collections.Concurrent;
using Auditor.Model;
using Auditor.Network;

namespace Auditor.Reach.Paths;

/// <summary>
/// Where a network sends packets, by destination: subnetwork routes of its own and of its peers, then custom routes. Immutable and thread-safe.
/// Source: the pages on routes and on VPC Network Peering.
/// </summary>
internal sealed class RoutingTable
{
    private readonly ResourceName _network;
    private readonly RoutingInputs _inputs;
    private readonly SortedSet<string> _tags;
    private readonly ConcurrentDictionary<string, (uint[] Starts, RouteChoice[] Choices)> _byTags = new(StringComparer.Ordinal);

    private RoutingTable(ResourceName network, RoutingInputs inputs)
    {
        _network = network;
        _inputs = inputs;
        _tags = new SortedSet<string>(inputs.Custom.SelectMany(line => line.Tags), StringComparer.Ordinal);
    }

    /// <param name="region">Where packets come from: dynamic routes may hold in one region only; null when that is not known.</param>
    public static RoutingTable Of(EstateView view, ResourceName network, string? region) =>
        view.Derive((network, region ?? ""), inner => new RoutingTable(network, RoutingInputs.Collect(inner, network, region)));

    /// <summary>Peerings by which a producer of managed services is reached, whatever their state.</summary>
    public IEnumerable<NetworkPeering> ProducerPeerings => _inputs.Producers;

    /// <summary>Why nothing is known of the network; null when it was read.</summary>
    public string? WhyUnread => _inputs.WhyUnread;

    /// <summary>What becomes of packets of machines with these tags to each destination: disjoint, and all destinations are there.</summary>
    public IEnumerable<(AddressSet Destinations, RouteChoice Choice)> Choose(AddressSet destinations, ValueList<string> tags)
    {
        var (starts, choices) = _byTags.GetOrAdd(string.Join(',', tags.Where(_tags.Contains).Order(StringComparer.Ordinal)), Partition);
        if (destinations.V4.Intervals is [{ } only] && only.First == only.Last)
        {
            return [(destinations, choices[IndexOf(starts, only.First)])];
        }

        var found = new Dictionary<RouteChoice, List<Interval<uint>>>(ReferenceEqualityComparer.Instance);
        foreach (var interval in destinations.V4.Intervals)
        {
            for (var i = IndexOf(starts, interval.First); i < starts.Length && starts[i] <= interval.Last; i++)
            {
                var last = i + 1 < starts.Length ? starts[i + 1] - 1 : uint.MaxValue;
                if (!found.TryGetValue(choices[i], out var list))
                {
                    found[choices[i]] = list = [];
                }

                list.Add(new Interval<uint>(Math.Max(starts[i], interval.First), Math.Min(last, interval.Last)));
            }
        }

        return found.Select(pair => (AddressSet.Of(IntervalSet.Of(pair.Value), default), pair.Key));
    }

    private static int IndexOf(uint[] starts, uint address)
    {
        var index = Array.BinarySearch(starts, address);
        return index >= 0 ? index : ~index - 1;
    }

    // Between two neighbouring edges of ranges every address meets the same routes.
    private (uint[] Starts, RouteChoice[] Choices) Partition(string tags)
    {
        var own = tags.Split(',', StringSplitOptions.RemoveEmptyEntries);
        var custom = _inputs.Custom.Where(line => line.Tags.IsEmpty || line.Tags.Any(own.Contains)).ToList();
        var subnets = _inputs.Subnets;
        var edges = new SortedSet<uint> { 0 };
        foreach (var range in subnets.Select(line => line.Range).Concat(custom.Select(line => line.Range)).Concat(_inputs.Allocated.Concat(_inputs.Unread).SelectMany(dark => dark.May.ToRanges())).Where(range => !range.IsV6))
        {
            edges.Add((uint)range.First);
            if ((uint)range.Last < uint.MaxValue)
            {
                edges.Add((uint)range.Last + 1);
            }
        }

        var (begins, ends) = (Events(custom, line => line.Range, first: true), Events(custom, line => line.Range, first: false));
        var (subnetBegins, subnetEnds) = (Events(subnets, line => line.Range, first: true), Events(subnets, line => line.Range, first: false));
        var (open, openSubnets) = (new List<CustomLine>(), new List<SubnetLine>());
        var (starts, choices) = (new List<uint>(), new List<RouteChoice>());
        var known = new Dictionary<RouteChoice, RouteChoice>();
        foreach (var edge in edges)
        {
            Step(open, begins, ends, edge);
            Step(openSubnets, subnetBegins, subnetEnds, edge);
            var choice = Choose(edge, openSubnets, open);
            choice = known.TryGetValue(choice, out var same) ? same : known[choice] = choice;
            if (choices.Count == 0 || !ReferenceEquals(choices[^1], choice))
            {
                starts.Add(edge);
                choices.Add(choice);
            }
        }

        return ([.. starts], [.. choices]);
    }

    private static Dictionary<uint, List<T>> Events<T>(IEnumerable<T> lines, Func<T, IpRange> rangeOf, bool first) =>
        lines.Where(line => !rangeOf(line).IsV6 && (first || (uint)rangeOf(line).Last < uint.MaxValue))
            .GroupBy(line => first ? (uint)rangeOf(line).First : (uint)rangeOf(line).Last + 1).ToDictionary(group => group.Key, group => group.ToList());

    private static void Step<T>(List<T> open, Dictionary<uint, List<T>> begins, Dictionary<uint, List<T>> ends, uint edge)
    {
        if (ends.TryGetValue(edge, out var over))
        {
            over.ForEach(line => open.Remove(line));
        }

        if (begins.TryGetValue(edge, out var new1))
        {
            open.AddRange(new1);
        }
    }

    private RouteChoice Choose(uint address, List<SubnetLine> subnets, List<CustomLine> custom)
    {
        var subnet = subnets.OrderByDescending(line => line.Range.PrefixLength).ThenBy(line => line.Peering is null ? 0 : 1).ThenBy(line => line.Subnetwork).FirstOrDefault();
        if (subnet is not null)
        {
            return subnet is { Peering: null, IsHybrid: true } ? new RouteChoice.Hybrid(subnet.Choice, Custom(custom)) : subnet.Choice;
        }

        return _inputs.Allocated.Concat(_inputs.Unread).FirstOrDefault(dark => dark.May.V4.Contains(address)) is { } other ? other.Choice : Custom(custom);
    }

    private RouteChoice Custom(List<CustomLine> lines)
    {
        if (_inputs.WhyRoutesUnread is { } missing)
        {
            return new RouteChoice.Ended(PathEnd.Unknown(PathStage.Route, PathReason.RouteConfigNotFound, missing));
        }

        if (lines.Count == 0)
        {
            return new RouteChoice.None(PathDecider.Of(_network));
        }

        var longest = lines.Max(line => line.Range.PrefixLength);
        var best = lines.Where(line => line.Range.PrefixLength == longest).OrderBy(line => line.Priority).ThenBy(line => line.By.Name, StringComparer.Ordinal).ToList();
        var alive = best.FindAll(line => line.Hop is not RouteHop.Dead);
        if (alive.Count == 0)
        {
            return new RouteChoice.Ended(PathEnd.Blocked(PathStage.Route, ((RouteHop.Dead)best[0].Hop).Reason, best[0].By));
        }

        // Of equal numbers the best category is kept; one that may be usable counts until a usable one is better.
        var first = alive.FindAll(line => line.Priority == alive[0].Priority);
        var usable = first.Where(line => line.Hop is RouteHop.Usable).Select(line => line.Category).DefaultIfEmpty(int.MaxValue).Min();
        if (first.Find(line => line.Hop is RouteHop.Unread && line.Category <= usable) is { Hop: RouteHop.Unread { Because: var because } })
        {
            return new RouteChoice.Ended(PathEnd.Unknown(PathStage.Route, PathReason.RouteConfigNotFound, because));
        }

        var kept = first.FindAll(line => line.Category == usable).ConvertAll(line => ((RouteHop.Usable)line.Hop).Choice);
        return kept.Count == 1 ? kept[0] : new RouteChoice.Shared(kept.ToValueList());
    }
}

/// <summary>Where a network sends packets.</summary>
internal abstract record RouteChoice
{
    private RouteChoice()
    {
    }

    /// <summary>To a machine of a network: this one, or a peer.</summary>
    /// <param name="AnswersPublic">Whether that network has a route back to subnetworks with public addresses.</param>
    public sealed record Local(ResourceName Network, PathDecider By, string Words, bool AnswersPublic = true) : RouteChoice;

    /// <summary>A hybrid subnetwork: to the machine that has the address, otherwise by the custom routes.</summary>
    public sealed record Hybrid(RouteChoice Taken, RouteChoice Otherwise) : RouteChoice;

    /// <summary>Out at the default internet gateway.</summary>
    public sealed record Gateway(PathDecider By) : RouteChoice;

    /// <summary>Somewhere that ends the way.</summary>
    public sealed record Ended(PathEnd End) : RouteChoice;

    /// <summary>Nowhere: no route covers it.</summary>
    public sealed record None(PathDecider By) : RouteChoice;

    /// <summary>Several equal routes share the traffic.</summary>
    public sealed record Shared(ValueList<RouteChoice> Choices) : RouteChoice;
}
