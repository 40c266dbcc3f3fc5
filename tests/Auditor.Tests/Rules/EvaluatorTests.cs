using System.Text;
using Auditor.Findings;
using Auditor.Model;
using Auditor.Network;
using Auditor.Rules;
using Auditor.Rules.Connectors;
using CsCheck;
using static Auditor.Tests.Rules.Scene;

namespace Auditor.Tests.Rules;

public sealed class EvaluatorTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Incremental equals full, byte for byte, over any stream of changes (design promise 5).</summary>
    [Fact]
    public void Incremental_EqualsFull_OverAnyStreamOfChanges() =>
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, 6]).Array[1, 40].Sample(steps =>
        {
            var evaluator = new Evaluator(RuleCatalog.All, RuleOptions.Default);
            var estate = Estate.Empty.With([], ["p1", "host"]);
            var evaluations = Evaluations.Empty;
            foreach (var (kind, variant) in steps)
            {
                var entry = Entry(kind, variant);
                var next = estate.With([entry]);
                (evaluations, _) = evaluator.Incremental(evaluations, estate, next, [entry.Name], s_now);
                estate = next;
            }

            return Text(evaluations) == Text(evaluator.Full(estate, s_now));
        });

    [Fact]
    public void Incremental_AsksOnlyWhatTheChangeCanTouch()
    {
        // 100 networks with a connector and a subnetwork each; one subnetwork of one network changes.
        var resources = Enumerable.Range(0, 100).SelectMany(i => Network(i)).ToList();
        var before = Estate.Empty.With(resources.Select(resource => new EstateEntry(resource.Name, resource)), ["p1"]);
        var evaluator = new Evaluator(RuleCatalog.All, RuleOptions.Default);
        var evaluations = evaluator.Full(before, s_now);
        var asked = evaluator.Asked;

        var changed = resources.OfType<Subnetwork>().First() with { PrivateIpGoogleAccess = true };
        var (_, touched) = evaluator.Incremental(evaluations, before, before.With([new EstateEntry(changed.Name, changed)]), [changed.Name], s_now);

        Assert.All(touched, judgement => Assert.EndsWith("/conn-0", judgement.Subject.Value, StringComparison.Ordinal));
        Assert.InRange(evaluator.Asked - asked, 1, 8);

        static IEnumerable<Resource> Network(int i)
        {
            var network = ResourceName.Of(ResourceKind.Network, "p1", $"vpc-{i}");
            yield return TheConnector with { Name = ResourceName.Of(ResourceKind.Connector, "p1", "europe-west1", $"conn-{i}"), Network = network };
            yield return TheSubnetwork with { Name = ResourceName.Of(ResourceKind.Subnetwork, "p1", "us-central1", $"apps-{i}"), Network = network, IpCidrRange = IpRange.Parse("10.9.0.0/24") };
        }
    }

    [Fact]
    public void Incremental_AsksAgainWhenItsTimeHasCome()
    {
        var estate = Estate.Empty.With([new EstateEntry(ConnectorName, TheConnector with { State = ConnectorState.Creating }, s_now, s_now)], ["p1"]);
        var evaluator = new Evaluator(RuleCatalog.Of(new ConnectorIsReady()), RuleOptions.Default);
        var first = evaluator.Full(estate, s_now);
        Assert.Equal(s_now.AddMinutes(15), first.NextRevisit);

        var (early, nothing) = evaluator.Incremental(first, estate, estate, [], s_now.AddMinutes(14));
        Assert.Empty(nothing);
        var (late, touched) = evaluator.Incremental(early, estate, estate, [], s_now.AddMinutes(15));
        Assert.Single(touched);
        Assert.IsType<Verdict.Failed>(Assert.Single(late.All.Single().Verdicts));
    }

    [Fact]
    public void Full_ABrokenRuleIsUnknownAndSilencesNoOther()
    {
        var evaluator = new Evaluator(RuleCatalog.Of(new Broken(), new ConnectorIsReady()), RuleOptions.Default);
        var evaluations = evaluator.Full(Estate.Empty.With([new EstateEntry(ConnectorName, TheConnector)], ["p1"]), s_now);
        Assert.Equal("the rule itself failed: InvalidOperationException: broken", Assert.IsType<Verdict.Unknown>(Assert.Single(evaluations.Find(new Judgement("ZZZ999", ConnectorName))!.Verdicts)).Missing);
        Assert.IsType<Verdict.Passed>(Assert.Single(evaluations.Find(new Judgement("CON001", ConnectorName))!.Verdicts));
    }

    [Fact]
    public void Full_TwoVerdictsWithOneDiscriminator_AreUnknown_NotAFault()
    {
        var evaluations = new Evaluator(RuleCatalog.Of(new Twice()), RuleOptions.Default).Full(Estate.Empty.With([new EstateEntry(ConnectorName, TheConnector)], ["p1"]), s_now);
        Assert.Equal("the rule itself failed: InvalidOperationException: two verdicts have one discriminator", Assert.IsType<Verdict.Unknown>(Assert.Single(evaluations.All.Single().Verdicts)).Missing);
    }

    private static string Text(Evaluations evaluations) => Encoding.UTF8.GetString(evaluations.ToCanonicalBytes());

    // Few names and many variants, so that streams insert, change, delete and recreate the same resources and their neighbours.
    private static EstateEntry Entry(int kind, int variant)
    {
        Resource? resource = kind switch
        {
            0 => TheConnector with { State = (ConnectorState)variant },
            1 => OnSubnetwork with { Name = ResourceName.Of(ResourceKind.Connector, "p1", "europe-west1", "second") },
            2 => TheSubnetwork with { IpCidrRange = IpRange.Parse($"10.8.0.{variant * 16}/28") },
            3 => TheSubnetwork with { Name = ResourceName.Of(ResourceKind.Subnetwork, "p1", "us-central1", "apps"), IpCidrRange = IpRange.Parse(variant > 3 ? "10.8.0.0/24" : "10.7.0.0/24") },
            4 => TheService with { VpcAccess = new VpcAccess { Connector = ResourceName.Of(ResourceKind.Connector, "p1", variant % 2 == 0 ? "europe-west1" : "us-central1", variant > 3 ? "second" : "conn") } },
            _ => AllTraffic with { Name = ResourceName.Of(ResourceKind.RunService, "p1", "europe-west1", "mail") },
        };
        return variant == 6 ? new EstateEntry(resource.Name, null, s_now) : new EstateEntry(resource.Name, resource, s_now, s_now);
    }

    private sealed class Broken : StateRule<Connector>
    {
        public override RuleInfo Info { get; } = new ConnectorIsReady().Info with { Id = "ZZZ999" };

        protected override IEnumerable<Verdict> Evaluate(Connector subject, EstateView view, RuleOptions options) => throw new InvalidOperationException("broken");
    }

    private sealed class Twice : StateRule<Connector>
    {
        public override RuleInfo Info { get; } = new ConnectorIsReady().Info with { Id = "ZZZ998" };

        protected override IEnumerable<Verdict> Evaluate(Connector subject, EstateView view, RuleOptions options) => [Fail("one"), Fail("two")];
    }
}
