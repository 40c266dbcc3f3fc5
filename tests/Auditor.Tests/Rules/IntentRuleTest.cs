using Auditor.Findings;
using Auditor.Model;
using Auditor.Network;
using Auditor.Reach.Intended;
using Auditor.Rules;
using Auditor.Tests.Reach.Paths;

namespace Auditor.Tests.Rules;

/// <summary>Asks a rule about what is declared for a workload in a small network.</summary>
public abstract class IntentRuleTest<TRule> : RuleTest<TRule>
    where TRule : StateRule, new()
{
    protected static readonly ResourceName Shop = ResourceName.Of(ResourceKind.RunService, "shop", "europe-west1", "shop");
    protected const string Deny = """ "priority":900,"sourceRanges":["10.8.0.8/29"],"denied":[{"IPProtocol":"all"}] """;

    /// <summary>A network with a VM "db" at 10.1.0.5, to which every packet of "shop" arrives.</summary>
    private protected static PathCase Healthy(string egress = "PRIVATE_RANGES_ONLY") => new PathCase(egress).Subnetwork("apps", "10.1.0.0/16").Machine("db", "10.1.0.5");

    protected static FlowIntent Flow(FlowDemand demand, string to, string? ports = null, string from = "shop") => new(
        "the flow",
        demand,
        new IntentSelector(from),
        to switch
        {
            "internet" => new IntentTarget.Internet(),
            "googleapis" => new IntentTarget.GoogleApis(),
            _ => IpRange.TryParse(to) is { } range ? new IntentTarget.Addresses(range) : new IntentTarget.Resources(new IntentSelector(to)),
        },
        (ports?.Split(',') ?? []).Select(port => ServicePorts.TryParse(port)!).ToValueList(),
        new IntentOrigin("auditor.yaml", 3));

    protected static EgressIntent Leaves(params string[] addresses) => new("the partner", new IntentSelector("shop"), addresses.Select(address => new ExpectedAddress(address)).ToValueList(), new IntentOrigin("auditor.yaml", 5));

    private protected static Verdict Judge(PathCase here, params IEnumerable<FlowIntent> flows) => Judge(here.Estate, new Intents { Flows = flows.ToValueList() });

    private protected static Verdict Judge(PathCase here, EgressIntent egress) => Judge(here.Estate, new Intents { Egress = [egress] });

    protected static Verdict Judge(Estate estate, Intents intents) => Assert.Single(Verdicts(estate, Shop, new RuleOptions { Intents = intents }));

    protected static string Fails(Verdict verdict) => Assert.IsType<Verdict.Failed>(verdict).Because;

    protected static string DoesNotApply(Verdict verdict) => Assert.IsType<Verdict.NotApplicable>(verdict).Because;

    protected static string Unknown(Verdict verdict) => Assert.IsType<Verdict.Unknown>(verdict).Missing;

    protected static void Passes(Verdict verdict) => Assert.IsType<Verdict.Passed>(verdict);
}
