using Auditor.Model;
using Auditor.Network;
using Auditor.Reach.Firewalls;
using Auditor.Tests.Rules;
using CsCheck;
using static Auditor.Tests.Rules.Firewalls.FirewallScene;

namespace Auditor.Tests.Reach.Firewalls;

/// <summary>A firewall that follows its estate from change to change is the one that reading the last estate afresh gives.</summary>
public sealed class EffectiveFirewallTests
{
    private static readonly Resource[] s_pool =
    [
        Allow("a", "10.0.0.0/8", "tcp", "80"), Allow("a", "10.0.0.0/9", "udp", "53"), Deny("b", "10.8.0.0/28", 500), Deny("b", "10.8.0.0/29", 1000), Rule("c", FirewallAction.Allow, "all"),
        DenyOut("d", 900), Managed("sbntfw"), Managed("tagfw"), Managed("hcfw"), Scene.TheConnector, Scene.TheConnector with { State = ConnectorState.Error },
        Scene.TheConnector with { IpCidrRange = IpRange.Parse("10.8.0.16/28") }, TheNetwork, TheNetwork with { EnforcementOrder = FirewallEnforcementOrder.BeforeClassicFirewall },
        Policy(FirewallAction.Deny), Policy(FirewallAction.GotoNext),
    ];

    [Fact]
    public void ChangeByChange_IsTheSameAsAfresh() => Gen.Select(Gen.Int[0, s_pool.Length - 1], Gen.Bool, Gen.Int[1, 3]).Array[1, 25].Sample(changes =>
    {
        var followed = Estate.Empty.With([], ["p1"]);
        var last = (EffectiveFirewall?)null;
        foreach (var (item, isGone, looks) in changes)
        {
            followed = followed.With([new EstateEntry(s_pool[item].Name, isGone ? null : s_pool[item])]);
            if (looks > 1)
            {
                last = Of(followed);
            }
        }

        last = Of(followed);
        var fresh = Of(Estate.Empty.With(followed.Entries, ["p1"]));
        Assert.Equal(fresh.Assumptions, last.Assumptions);
        foreach (var direction in (TrafficDirection[])[TrafficDirection.Ingress, TrafficDirection.Egress])
        {
            Assert.Equal(fresh.Answer(direction, FirewallEnd.Anywhere, new FirewallEnd(AddressSet.Private, ["vpc-connector-europe-west1-conn"]), Traffic.All), last.Answer(direction, FirewallEnd.Anywhere, new FirewallEnd(AddressSet.Private, ["vpc-connector-europe-west1-conn"]), Traffic.All));
        }
    });

    [Fact]
    public void AfterMoreCouldBeRead_ARuleStillCounts()
    {
        var rule = (Firewall)s_pool.First(resource => resource is Firewall { Action: FirewallAction.Allow, Direction: TrafficDirection.Ingress });
        var gap = new Gap(new GapScope(ResourceKind.Address, "p1"), "compute.addresses.list is missing");
        var estate = Estate.Empty.With(s_pool.Select(resource => new EstateEntry(resource.Name, resource)), ["p1"], [gap]);
        Of(estate);
        estate = estate.With([], gaps: []);
        var before = Of(estate);
        estate = estate.With([new EstateEntry(rule.Name, null)]);
        Assert.NotSame(before, Of(estate));
        Assert.DoesNotContain(Of(estate).Lines(TrafficDirection.Ingress), line => line.Decider.Resource == rule.Name);
    }

    [Fact]
    public void WhatDoesNotConcernIt_LeavesItAsItIs()
    {
        var estate = Estate.Empty.With([new EstateEntry(TheNetwork.Name, TheNetwork), new EstateEntry(Scene.ConnectorName, Scene.TheConnector)], ["p1"]);
        var before = Of(estate);
        Assert.Same(before, Of(estate.With([new EstateEntry(Vm.Name, Vm)])));
        Assert.Same(before, Of(estate.With([new EstateEntry(Scene.ConnectorName, Scene.TheConnector with { State = ConnectorState.Error })])));
    }

    [Theory]
    [InlineData(null, "what stands above project p1 was not read")]
    [InlineData("123", null)]
    public void AProjectThatOnlyComputeToldOf_MayStandInAnOrganisation(string? number, string? expected)
    {
        var project = new Project(ResourceName.Of(ResourceKind.Project, "p1")) { ProjectId = "p1", Number = number };
        var assumption = Of(Estate.Empty.With([new EstateEntry(TheNetwork.Name, TheNetwork), new EstateEntry(project.Name, project)], ["p1"])).Assumptions.SingleOrDefault();
        Assert.Equal(expected is null ? null : $"{expected}: no other hierarchical firewall policy is taken to apply", assumption);
    }

    private static FirewallPolicy Policy(FirewallAction action) => new(ResourceName.Parse("//compute.googleapis.com/projects/p1/global/firewallPolicies/late"))
    {
        Associations = [new PolicyAssociation("a", Scene.NetworkName.Value, Scene.NetworkName, null)],
        Rules = [new FirewallPolicyRule(5) { Action = action, SourceRanges = [IpRange.Parse("10.8.0.0/30")], Layer4 = [new Layer4("all", [])] }],
    };

    private static EffectiveFirewall Of(Estate estate) => EffectiveFirewall.Of(new EstateView(estate, DateTimeOffset.UnixEpoch), Scene.NetworkName, "europe-west1");
}
