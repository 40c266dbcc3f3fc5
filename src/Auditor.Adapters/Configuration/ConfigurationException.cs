namespace Auditor.Adapters.Configuration;

/// <summary>A configuration file cannot be used.</summary>
/// <param name="problems">At least one; a sentence each that names file, line, key, what was found and what is wanted.</param>
public sealed class ConfigurationException(IReadOnlyList<string> problems) : Exception(string.Join(Environment.NewLine, problems))
{
    public IReadOnlyList<string> Problems { get; } = problems;
}
