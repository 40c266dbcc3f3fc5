using Auditor.Findings;

namespace Auditor.Rules;

/// <summary>What people read about a rule; its page is generated from this. Sentences, present tense, each ending in a full stop.</summary>
public sealed record RuleInfo
{
    /// <summary>Three letters of the family and three digits; never reused.</summary>
    public required string Id { get; init; }

    /// <summary>The good state in under 80 characters: "Connector is ready".</summary>
    public required string Title { get; init; }

    /// <summary>The harm if a finding is true.</summary>
    public required Severity Severity { get; init; }

    /// <summary>What exactly is checked.</summary>
    public required string What { get; init; }

    /// <summary>What goes wrong otherwise.</summary>
    public required string WhyItMatters { get; init; }

    /// <summary>The repair in one or two sentences.</summary>
    public required string Remediation { get; init; }

    /// <summary>The repair as gcloud commands, one a line, placeholders in capitals.</summary>
    public required string Gcloud { get; init; }

    /// <summary>The repair as Terraform.</summary>
    public required string Terraform { get; init; }

    /// <summary>When the rule has nothing to say, and what it answers Unknown to.</summary>
    public required string DoesNotApply { get; init; }

    /// <summary>The settings that change what the rule finds.</summary>
    public ValueList<RuleKnob> Knobs { get; init; }

    /// <summary>Controls the rule speaks to.</summary>
    public ValueList<RuleControl> Controls { get; init; }

    /// <summary>Addresses of Google's pages and other sources; at least one on cloud.google.com.</summary>
    public required ValueList<string> References { get; init; }

    /// <summary>The family: the id's three letters.</summary>
    public string Family => Id[..3];
}

/// <summary>A setting of a rule.</summary>
/// <param name="Key">The rule's id and the knob, such as "FWL004.maxPorts"; see <see cref="RuleOptions.VariableOf"/>.</param>
/// <param name="Default">The default as text.</param>
/// <param name="Range">What is allowed.</param>
public sealed record RuleKnob(string Key, string Default, string Range, string Meaning);

/// <summary>A control of a standard that a rule speaks to.</summary>
/// <param name="Standard">Such as "NIST SP 800-53 r5".</param>
/// <param name="Published">True when read from a published mapping; false for a proposal of this project.</param>
public sealed record RuleControl(string Standard, string Control, bool Published = false)
{
    public static RuleControl Nist(string control, bool published = false) => new("NIST SP 800-53 r5", control, published);

    public static RuleControl Pci(string control, bool published = false) => new("PCI DSS 4.0.1", control, published);

    public static RuleControl Iso(string control, bool published = false) => new("ISO/IEC 27001:2022", control, published);

    public static RuleControl Cis(string control, bool published = false) => new("CIS Google Cloud 4.0", control, published);
}
