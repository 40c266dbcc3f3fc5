using Auditor.Model;
using Auditor.Network;
using Auditor.Rules;
using static Auditor.Tests.Rules.Firewalls.FirewallScene;
using static Auditor.Tests.Rules.Scene;

namespace Auditor.Tests.Rules.Firewalls;

/// <summary>What the rules on what the internet may reach have in common; each gives ports of its own.</summary>
/// <param name="ports">TCP ports of a rule that it reports.</param>
/// <param name="words">What it then names.</param>
public abstract class OpenToInternetTest<TRule>(string ports, string words) : RuleTest<TRule>
    where TRule : StateRule, new()
{
    private readonly Firewall _open = Allow("open", "0.0.0.0/0", "tcp", ports);

    [Fact]
    public void Fails_FromAnywhere() => Assert.Equal($"firewall rule open (priority 1000) lets {words} in to every machine from every public IPv4 address", Fails(TheNetwork, TheConnector, _open));

    [Theory]
    [InlineData("0.0.0.0/1 128.0.0.0/1")]
    [InlineData("::/0")]
    [InlineData("64.0.0.0/4")]
    public void Fails_HoweverTheRangeIsWritten(string sources) => Assert.StartsWith($"firewall rule open (priority 1000) lets {words} in", Fails(TheNetwork, TheConnector, From(sources)), StringComparison.Ordinal);

    [Fact]
    public void Fails_ForATag() => Assert.Contains("machines with network tag web", Fails(TheNetwork, TheConnector, _open with { TargetTags = ["web"] }), StringComparison.Ordinal);

    [Fact]
    public void Passes_WhereADenyComesFirst_OrTheRuleIsDisabled()
    {
        Passes(TheNetwork, TheConnector, _open, Deny("lock", "0.0.0.0/0", 1));
        Passes(TheNetwork, TheConnector, _open with { Disabled = true });
    }

    [Theory]
    [InlineData("10.0.0.0/8")]
    [InlineData("203.0.113.0/24")]
    [InlineData("35.235.240.0/20")]
    [InlineData("35.191.0.0/16 130.211.0.0/22")]
    [InlineData("198.18.0.0/15 8.8.8.0/24")]
    public void Passes_FromPrivateRanges_FewPartners_AndGoogle(string sources) => Passes(TheNetwork, TheConnector, From(sources));

    [Fact]
    public void DoesNotApply_WhereNoServerlessWorkloadLeaves() => Assert.Equal("no serverless workload leaves for the network", DoesNotApply(TheNetwork, _open));

    [Fact]
    public void Unknown_WhereRulesCouldNotBeListed() => Assert.Contains("permission compute.firewalls.list is missing", Unknown(NoRules, TheNetwork, TheConnector), StringComparison.Ordinal);

    /// <summary>The same rule for other ports.</summary>
    protected Firewall On(ValueList<PortInterval> other) => _open with { Layer4 = [new Layer4("tcp", other)] };

    private Firewall From(string sources) => _open with { SourceRanges = sources.Split(' ').Select(IpRange.Parse).ToValueList() };
}
