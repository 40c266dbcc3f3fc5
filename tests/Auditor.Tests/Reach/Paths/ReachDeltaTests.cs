using Auditor.Model;
using Auditor.Network;
using Auditor.Reach.Paths;
using Auditor.Tests.Oracles;
using Auditor.Tests.Oracles.Firewall;
using Auditor.Tests.Oracles.Paths;
using CsCheck;

namespace Auditor.Tests.Reach.Paths;

/// <summary>What a change opened and closed, exactly: held against walks through both estates' raw answers.</summary>
public sealed class ReachDeltaTests(ITestOutputHelper output)
{
    private static readonly string[] s_lists = ["firewalls", "routes", "subnetworks", "connectors", "instances", "forwardingRules", "routers", "sqlInstances", "redisInstances", "policyBasedRoutes", "vpnTunnels", "backendServices"];

    // Rules change most often.
    private static readonly string[] s_all = [.. s_lists, "firewalls", "firewalls", "firewalls", "instances", "services", "revisions", "jobs", "workerPools", "functions", "networks", "firewallPolicies", "projects"];

    [Fact]
    public void ADelta_HoldsJustThePacketsThatFareDifferently()
    {
        var (packets, differ, same) = (0L, 0L, 0L);
        Gen.Select(RandomPaths.Estate, Gen.Int[0, 1000], Gen.OneOf(s_lists)).Sample(
            (raw, pick, list) =>
            {
                var items = RawJson.List(raw, list);
                if (items.Count == 0)
                {
                    return;
                }

                // One resource is not there before, or not afterwards.
                var without = raw.DeepClone();
                without[list]!.AsArray().RemoveAt(pick % items.Count);
                var name = ResourceName.Parse(EstateDocuments.FullName(list, items[pick % items.Count]));
                var whole = new PathsUnderTest(raw).Estate;
                var less = whole.With([new EstateEntry(name, null)]);
                var isAdded = pick % 2 == 0;
                var (first, second) = isAdded ? (less, less.With([whole.Find(name)!])) : (whole, less);
                var (before, after) = (new EstateView(first, DateTimeOffset.UnixEpoch), new EstateView(second, DateTimeOffset.UnixEpoch));
                var delta = ReachDelta.Between(before, after).ToLookup(change => (change.Source.Workload.Name.Value, change.Target.Resource, change.Target.Address));
                var (was, isNow) = isAdded ? (new NaivePaths(without), new NaivePaths(raw)) : (new NaivePaths(raw), new NaivePaths(without));
                var (sourcesBefore, sourcesAfter) = (Sources(before), Sources(after));
                foreach (var packet in new PathBoundaries(raw).Sample(new Random(pick), 300).Where(packet => packet.Target is not null && sourcesBefore.ContainsKey(packet.Workload) && sourcesAfter.ContainsKey(packet.Workload)))
                {
                    var key = (packet.Workload, (ResourceName?)ResourceName.Parse(packet.Target!), (IpRange?)IpRange.Of(isV6: false, packet.Destination, 32));
                    if (!Covers(AttachmentReach.Of(before, sourcesBefore[packet.Workload]), packet, key) || !Covers(AttachmentReach.Of(after, sourcesAfter[packet.Workload]), packet, key)
                        || was.Workloads.Contains(packet.Workload) != isNow.Workloads.Contains(packet.Workload) || !was.Workloads.Contains(packet.Workload))
                    {
                        continue;
                    }

                    var (expected, actual) = (ReachDelta.KindOf(Effect(was.Answer(packet)), Effect(isNow.Answer(packet))), Kind(delta[key], packet));
                    Interlocked.Increment(ref packets);
                    Interlocked.Increment(ref expected is null ? ref same : ref differ);
                    Assert.True(expected == actual, $"{(isAdded ? "with" : "without")} {name}: {packet} {expected?.ToString() ?? "same"} but {actual?.ToString() ?? "same"}\nbefore {was.Answer(packet)}\nafter {isNow.Answer(packet)}\n{raw}");
                }
            },
            iter: 300 * Soak.Factor);
        output.WriteLine($"{packets} packets, {differ} fare differently");
        Assert.True(differ > 20 * Soak.Factor && same > packets / 4, $"{differ} of {packets} packets fared differently: too few to prove anything");
    }

    [Fact]
    public void FollowedChangeByChange_ItIsTheDifferenceOfTwoFreshEstates()
    {
        var (steps, differ) = (0, 0);
        Gen.Select(RandomPaths.Estate, Gen.Select(Gen.Int[0, 1000], Gen.OneOf(s_all), Gen.Int[0, 2], Gen.Int[0, 5]).Array[1, 12]).Sample(
            (raw, changes) =>
            {
                // Resources come, go, and come back changed: a rule with another rule's action, a machine with another's tags. Not every estate is looked
                // at before the next one comes, and now and then something cannot be read for a while.
                var whole = new PathsUnderTest(raw).Estate;
                var estate = whole;
                foreach (var (pick, list, way, before) in changes)
                {
                    if (before == 0)
                    {
                        estate = estate.With([], gaps: estate.Gaps.Count == whole.Gaps.Count ? whole.Gaps.Add(new Gap(new GapScope(ResourceKind.Route, "p1"), "compute.routes.list is missing")) : whole.Gaps);
                        ReachDelta.Between(new EstateView(estate, default), new EstateView(estate, default));
                    }

                    var items = RawJson.List(raw, list);
                    if (items.Count == 0)
                    {
                        continue;
                    }

                    var name = ResourceName.Parse(EstateDocuments.FullName(list, items[pick % items.Count]));
                    var now = estate.Find(name)?.Resource;
                    var next = estate.With([new EstateEntry(name, way == 0 && now is not null ? null : way == 1 ? whole.Find(name)!.Resource : Changed(whole.Find(name)!.Resource!, pick))]);
                    if (before == 1)
                    {
                        estate = next;
                        continue;
                    }

                    var followed = ReachDelta.Between(new EstateView(estate, default), new EstateView(next, default));
                    var fresh = ReachDelta.Between(Fresh(estate), Fresh(next));
                    Assert.True(fresh.SequenceEqual(followed), $"{name} {way}: {followed.Count} changes followed, {fresh.Count} afresh\n{string.Join('\n', fresh.Except(followed).Concat(followed.Except(fresh)).Take(4))}\n{raw}");
                    Interlocked.Increment(ref steps);
                    Interlocked.Add(ref differ, fresh.Count);
                    estate = next;
                }
            },
            iter: 150 * Soak.Factor);
        output.WriteLine($"{steps} changes, {differ} flows differ");
        Assert.True(differ > steps / 4, $"{differ} flows differed in {steps} changes: too few to prove anything");

        static EstateView Fresh(Estate estate) => new(Estate.Empty.With(estate.Entries, estate.CoveredProjects, estate.Gaps), default);
    }

    [Fact]
    public void OfEstatesThatWereNotLookedAtInTime_NothingIsMissed()
    {
        var here = new PathCase().Subnetwork("apps", "10.1.0.0/16").Machine("db", "10.1.0.5");
        var first = here.Rule("web", """ "priority":900,"sourceRanges":["10.8.0.0/28"],"denied":[{"IPProtocol":"tcp","ports":["80"]}] """).Estate;
        var view = new EstateView(first, default);
        Assert.Empty(ReachDelta.Between(view, view));

        // Nobody asks of the second estate before there is a third.
        var second = first.With([here.Rule("web", """ "priority":900,"sourceRanges":["10.8.0.0/28"],"denied":[{"IPProtocol":"tcp","ports":["81"]}] """).Estate.Find(ResourceName.Of(ResourceKind.Firewall, "shop", "web"))!]);
        var third = second.With([here.Rule("deny", """ "priority":900,"sourceRanges":["10.8.0.0/28"],"denied":[{"IPProtocol":"tcp","ports":["5432"]}] """).Estate.Find(ResourceName.Of(ResourceKind.Firewall, "shop", "deny"))!]);
        var change = Assert.Single(ReachDelta.Between(new EstateView(second, default), new EstateView(third, default)));
        Assert.Equal(("db", FlowChangeKind.Closed), (change.Target.ShortName, change.Kind));
        Assert.Equal(IntervalSet.Of(Traffic.Of(6, 5432), Traffic.Of(6, 5432)), Assert.Single(change.Packets).Packets.Traffic);
    }

    /// <summary>The target is where it was: what ends the way is told, and what never went through the connector is no change.</summary>
    [Fact]
    public void WhereAConnectorFails_ItIsToldToCloseFlows_AndTheInternetIsAsBefore()
    {
        var estate = new PathCase().Subnetwork("apps", "10.1.0.0/16").Machine("db", "10.1.0.5").Estate;
        var name = ResourceName.Of(ResourceKind.Connector, "shop", "europe-west1", "conn");
        var failed = estate.With([new EstateEntry(name, ((Connector)estate.Find(name)!.Resource!) with { State = ConnectorState.Error })]);
        var change = Assert.Single(ReachDelta.Between(new EstateView(estate, default), new EstateView(failed, default)));
        Assert.Equal(("db", FlowChangeKind.Closed), (change.Target.ShortName, change.Kind));
        Assert.All(change.Packets, packets => Assert.Equal((PathEffect.Reachable, PathReason.ConnectorNotRunning), (packets.Before!.Effect, packets.After!.Reason)));
        var back = Assert.Single(ReachDelta.Between(new EstateView(failed, default), new EstateView(estate, default)));
        Assert.Equal(("db", FlowChangeKind.Opened), (back.Target.ShortName, back.Kind));
        Assert.All(back.Packets, packets => Assert.Equal(PathReason.ConnectorNotRunning, packets.Before!.Reason));
    }

    [Fact]
    public void WhereATargetGoes_ItIsNotThere()
    {
        var estate = new PathCase().Subnetwork("apps", "10.1.0.0/16").Machine("db", "10.1.0.5").Estate;
        var gone = estate.With([new EstateEntry(ResourceName.Of(ResourceKind.Instance, "shop", "europe-west1-b", "db"), null)]);
        var change = Assert.Single(ReachDelta.Between(new EstateView(estate, default), new EstateView(gone, default)));
        Assert.Equal(("db", FlowChangeKind.Closed), (change.Target.ShortName, change.Kind));
        Assert.All(change.Packets, packets => Assert.Null(packets.After));
    }

    [Fact]
    public void ARuleThatAppliesElsewhere_IsNoReasonToFollowAPathAgain()
    {
        var here = new PathCase().Subnetwork("apps", "10.1.0.0/16").Machine("db", "10.1.0.5").Machine("web", "10.1.0.6");
        var estate = here.Rule("allow", """ "sourceRanges":["10.8.0.0/28"],"targetTags":["db"],"allowed":[{"IPProtocol":"tcp"}] """).Estate;
        var before = new EstateView(estate, default);
        var source = PathSource.All(before).Sources[0];
        Assert.Empty(ReachDelta.Between(before, before));
        var rule = (Firewall)estate.Find(ResourceName.Of(ResourceKind.Firewall, "shop", "allow"))!.Resource!;
        var elsewhere = new EstateView(estate.With([new EstateEntry(rule.Name, rule with { Action = FirewallAction.Deny, TargetTags = ["other"] })]), default);
        Assert.Empty(ReachDelta.Between(before, elsewhere));
        Assert.Equal(Answers(before), Answers(elsewhere), ReferenceEqualityComparer.Instance);
        var onAll = new EstateView(estate.With([new EstateEntry(rule.Name, rule with { Action = FirewallAction.Deny, TargetTags = [] })]), default);
        Assert.NotEqual(Answers(before), Answers(onAll), ReferenceEqualityComparer.Instance);

        List<object> Answers(EstateView view) => [.. AttachmentReach.Of(view, source).Targets.Select(pair => pair.Answer)];
    }

    [Fact]
    public void WhatNoChangeTouches_IsNotWorkedOutAgain()
    {
        var here = new PathCase().Subnetwork("apps", "10.1.0.0/16").Machine("db", "10.1.0.5").OfNetwork("other").Subnetwork("direct", "10.2.0.0/24", "other").Service("job", """ "networkInterfaces":[{"subnetwork":"direct"}] """);
        var estate = here.Estate;
        var before = new EstateView(estate, default);
        Assert.Empty(ReachDelta.Between(before, before));
        var rule = here.Rule("deny", """ "priority":900,"sourceRanges":["10.8.0.0/28"],"denied":[{"IPProtocol":"tcp","ports":["5432"]}] """).Estate;
        var after = new EstateView(estate.With([rule.Find(ResourceName.Of(ResourceKind.Firewall, "shop", "deny"))!]), default);
        var change = Assert.Single(ReachDelta.Between(before, after));
        Assert.Equal(("shop", "db", FlowChangeKind.Closed), (change.Source.ShortName, change.Target.ShortName, change.Kind));
        Assert.Equal(IntervalSet.Of(Traffic.Of(6, 5432), Traffic.Of(6, 5432)), Assert.Single(change.Packets).Packets.Traffic);
        Assert.Equal("firewall rule deny (priority 900)", change.Packets[0].After!.DecidedBy!.Words);
        var job = Assert.Single(PathSource.All(before).Sources, source => source.ShortName == "job");
        Assert.Same(AttachmentReach.Of(before, job), AttachmentReach.Of(after, job));
    }

    private static Resource Changed(Resource resource, int pick) => resource switch
    {
        Firewall rule => rule with { Action = rule.Action == FirewallAction.Allow ? FirewallAction.Deny : FirewallAction.Allow, Priority = pick },
        Instance machine => machine with { Tags = pick % 2 == 0 ? [] : [.. machine.Tags, "web"] },
        Connector connector => connector with { State = pick % 2 == 0 ? ConnectorState.Error : ConnectorState.Ready },
        Subnetwork subnetwork => subnetwork with { PrivateIpGoogleAccess = subnetwork.PrivateIpGoogleAccess != true },
        RunWorkload { VpcAccess: { } access } workload => workload with { VpcAccess = access with { Egress = pick % 2 == 0 ? VpcEgress.AllTraffic : VpcEgress.PrivateRangesOnly } },
        _ => resource,
    };

    private static Dictionary<string, PathSource> Sources(EstateView view) => PathSource.All(view).Sources.Where(source => !source.IsUnread).DistinctBy(source => source.Workload.Name).ToDictionary(source => source.Workload.Name.Value, StringComparer.Ordinal);

    private static bool Covers(AttachmentReach reach, PathPacket packet, (string, ResourceName? Resource, IpRange? Address) key) =>
        reach.Targets.Any(pair => pair.Target.Resource == key.Resource && pair.Target.Address == key.Address && pair.Target.Traffic.Contains(Traffic.Of(packet.Protocol, packet.Port)));

    private static FlowChangeKind? Kind(IEnumerable<FlowChange> changes, PathPacket packet)
    {
        var kinds = changes.Where(change => change.Packets.Any(pair => pair.Packets.Destinations.Contains(IpRange.Of(isV6: false, packet.Destination, 32)) && pair.Packets.Traffic.Contains(Traffic.Of(packet.Protocol, packet.Port))
            && (pair.Packets.Sources is not { } sources || packet.Source is not { } source || sources.Contains(IpRange.Of(isV6: false, source, 32))))).Select(change => change.Kind).Distinct().ToList();
        return kinds.Count == 0 ? null : kinds.Single();
    }

    private static PathEffect Effect(Oracles.Paths.PathAnswer answer) => answer.Effect switch
    {
        Oracles.Paths.Effect.Reachable => PathEffect.Reachable,
        Oracles.Paths.Effect.Blocked => PathEffect.Blocked,
        Oracles.Paths.Effect.Partial => PathEffect.Partial,
        _ => PathEffect.Unknown,
    };
}
