using System.Text.Json;
using Auditor.Model;

namespace Auditor.Adapters.Google;

/// <summary>
/// Reads firewall policies through the networks they apply to. A network's effective firewalls show the rules of every policy above it to whoever
/// may read the network; the policy itself, of an organisation or folder, often may not be read. Both ways together make the same picture in a
/// single read as in a sweep.
/// </summary>
internal sealed class FirewallPolicyReader(GoogleClient client, GoogleLists lists, GoogleOptions options)
{
    private static readonly ApiTable.Row s_networks = ApiTable.Of(ResourceKind.Network);

    /// <summary>Asks for the effective firewalls of a network. A network that is gone has none.</summary>
    public Task<GoogleAnswer> AskEffectiveAsync(ResourceName network, CancellationToken cancellationToken) =>
        client.GetAsync(s_networks.Host, $"{s_networks.Version}{ApiTable.Escape(network.Path)}/getEffectiveFirewalls", "compute.networks.getEffectiveFirewalls", cancellationToken);

    /// <summary>Adds such an answer; gives the ids of the hierarchical policies in it.</summary>
    public static IReadOnlyList<string> AddEffective(EstateBuilder builder, ResourceName network, GoogleAnswer answer)
    {
        if (answer is not GoogleAnswer.Found { Json: var json })
        {
            return [];
        }

        builder.Add(json, $"{s_networks.Host}/{network.Path}/getEffectiveFirewalls", new DocumentHint(Project: network.Project, Network: network));
        return [.. GoogleLists.Items(json, "firewallPolicys").Where(policy => GoogleLists.Text(policy, "type") == "HIERARCHY").Select(policy => GoogleLists.Text(policy, "name")).OfType<string>()
            .Select(name => name[(name.LastIndexOf('/') + 1)..])];
    }

    /// <summary>A single policy, in the form a sweep gives it.</summary>
    public async Task<ResourceState> ReadAsync(ResourceName name, GoogleAnswer answer, DateTimeOffset begunAt, CancellationToken cancellationToken)
    {
        var builder = new EstateBuilder(keepJson: true);
        if (answer is GoogleAnswer.Found { Json: var json })
        {
            builder.Add(json, name.Value);
        }
        else if (name.Project is not null || answer is GoogleAnswer.Missing)
        {
            return GoogleReader.ToState(name, answer, begunAt);
        }

        var (networks, reason) = name.Project is null ? await NetworksAsync(cancellationToken) : (Associated(answer), null);
        foreach (var network in networks)
        {
            var effective = await AskEffectiveAsync(network, cancellationToken);
            AddEffective(builder, network, effective);
            reason ??= (effective as GoogleAnswer.Failed)?.Reason;
        }

        return reason is not null ? new ResourceState.Unreadable(name, begunAt, reason)
            : builder.Build().Json.TryGetValue(name, out var bytes) ? new ResourceState.Present(name, begunAt, JsonElement.Parse(bytes))
            : GoogleReader.ToState(name, answer, begunAt);
    }

    /// <summary>The networks in the pages of their list.</summary>
    public static IEnumerable<ResourceName> NetworksIn(ListResult list) => list.Pages.SelectMany(page => GoogleLists.Items(page, "items"))
        .Select(item => GoogleLists.Text(item, "name")).OfType<string>().Select(id => ResourceName.Of(ResourceKind.Network, list.Call.Scope.Project!, id));

    /// <summary>The list of a project's networks.</summary>
    public static ListCall NetworksOf(string project) => new(s_networks, $"projects/{project}/global/networks", new GapScope(ResourceKind.Network, project));

    private async Task<(IReadOnlyList<ResourceName> Networks, string? Reason)> NetworksAsync(CancellationToken cancellationToken)
    {
        var networks = new List<ResourceName>();
        foreach (var project in options.Projects.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var list = await lists.ListAsync(NetworksOf(project), cancellationToken);
            if (list.Gaps.Count > 0)
            {
                return ([], list.Gaps[0].Reason);
            }

            networks.AddRange(NetworksIn(list));
        }

        return (networks, null);
    }

    private static IReadOnlyList<ResourceName> Associated(GoogleAnswer answer) => answer is not GoogleAnswer.Found { Json: var json } ? []
        : [.. GoogleLists.Items(json, "associations").Select(item => ResourceName.TryParse(GoogleLists.Text(item, "attachmentTarget"), s_networks.Host)).OfType<ResourceName>()
            .Where(target => target.Kind == ResourceKind.Network && !target.HasProjectNumber).Distinct().Order()];
}
