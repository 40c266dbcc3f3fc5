namespace Auditor.Adapters.Configuration;

/// <summary>Every key of the configuration file, for its page in the documents.</summary>
public static class ConfigurationPage
{
    /// <summary>As the page writes them: "ledger.path", "google.projects[]", "intents.must[].from".</summary>
    public static IEnumerable<string> Keys => OptionNode.Root.Keys().Where(key => key != "config")
        .Concat(IntentSection.Keys.SelectMany(section => (section == "egress" ? IntentSection.EgressKeys : IntentSection.FlowKeys).Select(key => $"intents.{section}[].{key}")))
        .Append("profile")
        .Concat(RuleSection.ProfileKeys.Select(key => $"profiles.NAME.{key}"))
        .Concat(RuleSection.RuleKeys.Append("KNOB").SelectMany(key => new[] { $"rules.ID.{key}", $"rules.ID.where[].{key}" }))
        .Concat(RuleSection.WhereKeys.Select(key => $"rules.ID.where[].{key}"));
}
