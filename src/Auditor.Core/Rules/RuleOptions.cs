using System.Globalization;
using Auditor.Reach.Intended;

namespace Auditor.Rules;

/// <summary>The knobs of all rules, each named for the rule that reads it. The defaults need no configuration.</summary>
public sealed record RuleOptions
{
    /// <summary>The defaults.</summary>
    public static RuleOptions Default { get; } = new();

    /// <value>CON001: how long a connector may be CREATING, UPDATING or DELETING. 1 minute to 24 hours. Default: 15 minutes.</value>
    public TimeSpan ConnectorTransitionLimit { get; init; } = TimeSpan.FromMinutes(15);

    /// <value>FWL003: how many TCP and UDP ports the managed allow may still let in. 1 to 65,535. Default: 10.</value>
    public int MaxManagedPorts { get; init; } = 10;

    /// <value>FWL004: how many distinct ports an allow from a connector's range may open. 1 to 65,535. Default: 10.</value>
    public int MaxAllowedPorts { get; init; } = 10;

    /// <value>NAT007: whether a default route to a VM, a load balancer or a tunnel is what is meant. Default: false.</value>
    public bool ApplianceIsMeant { get; init; }

    /// <value>ISO003, ISO004, EGR004-EGR006, NAT001, NAT004, NAT005: what people have declared in <c>auditor.yaml</c>. Default: nothing.</value>
    public Intents Intents { get; init; } = Intents.None;

    /// <value>The ids of the rules that are judged, sorted: those of a profile, with what is switched on and off one by one. Null: every rule of the catalog. Default: null.</value>
    public ValueList<string>? Judged { get; init; }

    /// <value>What is set of single rules, everywhere or for some resources; the first that selects a resource decides. Default: nothing.</value>
    public ValueList<RuleSetting> Settings { get; init; }

    /// <summary>Whether a rule is asked at all.</summary>
    public bool MayJudge(string rule) => Judged is not { } judged || judged.Contains(rule) || Settings.Any(setting => setting.Rule == rule && setting.IsOn == true);

    /// <summary>The options with what a configuration says of them.</summary>
    /// <param name="settingOf">The configured text of a knob, by <see cref="RuleKnob.Key"/>; null leaves the default.</param>
    /// <exception cref="FormatException">A value is not allowed; the message names key, value and what is.</exception>
    public static RuleOptions Read(Func<string, string?> settingOf) => new()
    {
        ConnectorTransitionLimit = settingOf("CON001.transitionLimit") is not { } limit ? Default.ConnectorTransitionLimit
            : TimeSpan.TryParse(limit, CultureInfo.InvariantCulture, out var time) && time >= TimeSpan.FromMinutes(1) && time <= TimeSpan.FromHours(24) ? time
            : throw new FormatException($"CON001.transitionLimit is '{limit}'; a time from 00:01:00 to 24:00:00 (1.00:00:00) was expected."),
        MaxManagedPorts = Count("FWL003.maxPorts", settingOf) ?? Default.MaxManagedPorts,
        MaxAllowedPorts = Count("FWL004.maxPorts", settingOf) ?? Default.MaxAllowedPorts,
        ApplianceIsMeant = settingOf("NAT007.appliance") switch
        {
            null => Default.ApplianceIsMeant,
            "true" => true,
            "false" => false,
            var text => throw new FormatException($"NAT007.appliance is '{text}'; true or false was expected."),
        },
    };

    private static int? Count(string knob, Func<string, string?> settingOf) => settingOf(knob) is not { } text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is >= 1 and <= 65535 ? count
        : throw new FormatException($"{knob} is '{text}'; a number from 1 to 65535 was expected.");

    /// <summary>The environment variable of a knob: "FWL004.maxPorts" is AUDITOR__RULES__FWL004__MAXPORTS.</summary>
    public static string VariableOf(string knob) => $"AUDITOR__RULES__{knob.Replace(".", "__", StringComparison.Ordinal).ToUpperInvariant()}";
}
