using Auditor.Rules;

namespace Auditor.Tests.Rules;

public sealed class RuleOptionsTests
{
    [Fact]
    public void Read_WithoutSettings_IsTheDefault() => Assert.Equal(RuleOptions.Default, RuleOptions.Read(_ => null));

    [Fact]
    public void Read_TakesWhatIsSet() => Assert.Equal(
        new RuleOptions { ConnectorTransitionLimit = TimeSpan.FromHours(1), MaxManagedPorts = 7, MaxAllowedPorts = 3, ApplianceIsMeant = true },
        RuleOptions.Read(knob => knob switch { "FWL003.maxPorts" => "7", "FWL004.maxPorts" => "3", "NAT007.appliance" => "true", _ => "01:00:00" }));

    [Theory]
    [InlineData("FWL003.maxPorts", "-1", "FWL003.maxPorts is '-1'; a number from 1 to 65535 was expected.")]
    [InlineData("FWL004.maxPorts", "0", "FWL004.maxPorts is '0'; a number from 1 to 65535 was expected.")]
    [InlineData("FWL004.maxPorts", "many", "FWL004.maxPorts is 'many'; a number from 1 to 65535 was expected.")]
    [InlineData("NAT007.appliance", "yes", "NAT007.appliance is 'yes'; true or false was expected.")]
    [InlineData("CON001.transitionLimit", "00:00:10", "CON001.transitionLimit is '00:00:10'; a time from 00:01:00 to 24:00:00 (1.00:00:00) was expected.")]
    public void Read_RefusesWhatIsNotAllowed(string key, string value, string message) =>
        Assert.Equal(message, Assert.Throws<FormatException>(() => RuleOptions.Read(knob => knob == key ? value : null)).Message);

    /// <summary>Every knob on a page is one that <see cref="RuleOptions.Read"/> asks for, and the other way round.</summary>
    [Fact]
    public void Read_AsksForExactlyTheKnobsOfThePages()
    {
        var asked = new SortedSet<string>(StringComparer.Ordinal);
        RuleOptions.Read(knob =>
        {
            asked.Add(knob);
            return null;
        });
        Assert.Equal(RuleCatalog.All.Infos.SelectMany(rule => rule.Knobs).Select(knob => knob.Key).Order(StringComparer.Ordinal), asked);
    }
}
