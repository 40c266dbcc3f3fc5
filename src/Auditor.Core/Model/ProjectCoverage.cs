using System.Collections.Immutable;

namespace Auditor.Model;

/// <summary>Judges of which projects an input holds everything.</summary>
internal sealed class ProjectCoverage
{
    private readonly Dictionary<string, HashSet<string>> _hosts = new(StringComparer.Ordinal);

    internal void Saw(string? project, string? host)
    {
        if (project is not null && host is not null)
        {
            if (!_hosts.TryGetValue(project, out var hosts))
            {
                _hosts[project] = hosts = new HashSet<string>(StringComparer.Ordinal);
            }

            hosts.Add(host);
        }
    }

    /// <summary>
    /// A project counts as read when the input holds resources of it from at least two APIs (the project itself is one of resourcemanager's):
    /// an export of a project does, a list of one kind does not, and from a list of firewall rules nobody may conclude that there are no
    /// connectors. With <paramref name="complete"/> every project counts that the input holds anything of.
    /// </summary>
    internal IEnumerable<string> Covered(ImmutableDictionary<string, string> idsByNumber, bool complete) => _hosts
        .GroupBy(pair => idsByNumber.GetValueOrDefault(pair.Key, pair.Key), StringComparer.Ordinal)
        .Where(group => !group.Key.All(char.IsAsciiDigit))
        .Where(group => complete || group.SelectMany(pair => pair.Value).Distinct(StringComparer.Ordinal).Skip(1).Any())
        .Select(group => group.Key);
}
