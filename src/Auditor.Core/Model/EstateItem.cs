using System.Collections.Immutable;
using System.Text.Json;

namespace Auditor.Model;

/// <summary>A network whose effective firewalls listed a policy, and where in the list.</summary>
internal sealed record EffectivePolicy(ResourceName Network, int Order);

/// <summary>One description of one resource, as a document gave it.</summary>
/// <param name="Json">Kept where it must be read again once everything is known.</param>
internal sealed record EstateItem(ParsedResource Parsed, JsonElement? Json, DateTimeOffset? UpdateTime, string Source, EffectivePolicy? Effective)
{
    /// <summary>All descriptions of one resource, made one. Later update time wins, else the later added.</summary>
    internal static EstateItem Merge(ResourceName name, IEnumerable<EstateItem> items, ResourceParts? parts, ImmutableDictionary<string, string> numbers, bool keepJson, bool readVariables)
    {
        var all = items.ToList();
        var winner = all.Where(item => item.Effective is null).DefaultIfEmpty(all[^1]).Aggregate((best, next) => next.IsNewerThan(best) ? next : best);
        var json = name.Kind switch
        {
            ResourceKind.Project => MergeProject(winner, all),
            ResourceKind.FirewallPolicy => MergePolicy(winner, all),
            _ when parts is not null && winner.Json is not null => Write(writer =>
            {
                CopyExcept(writer, winner.Json!.Value, [.. parts.Fields]);
                parts.WriteTo(writer);
            }),
            _ => winner.Json,
        };
        return json is { } element ? winner with { Parsed = ResourceParser.Parse(name, element, numbers, keepJson, readVariables) } : winner;
    }

    private bool IsNewerThan(EstateItem other) => UpdateTime is not { } mine || other.UpdateTime is not { } theirs || mine >= theirs;

    // resourcemanager tells of labels and parent, compute of Shared VPC; neither knows the other's part.
    private static JsonElement? MergeProject(EstateItem winner, List<EstateItem> all)
    {
        var described = all.Where(item => item.Json is { } json && json.Has("projectId")).Aggregate((EstateItem?)null, Newer);
        var computed = all.Where(item => item.Json is { } json && !json.Has("projectId")).Aggregate((EstateItem?)null, Newer);
        return described is null || computed is null ? winner.Json : Write(writer =>
        {
            CopyExcept(writer, described.Json!.Value, "xpnProjectStatus", "defaultServiceAccount");
            foreach (var property in computed.Json!.Value.EnumerateObject().Where(property => property.Name is "xpnProjectStatus" or "defaultServiceAccount"))
            {
                property.WriteTo(writer);
            }
        });
    }

    // A network's effective firewalls tell of a policy without saying where it is attached: the network is added to its associations.
    private static JsonElement? MergePolicy(EstateItem winner, List<EstateItem> all)
    {
        var networks = all.Select(item => item.Effective).OfType<EffectivePolicy>().GroupBy(effective => effective.Network).OrderBy(group => group.Key).ToList();
        return networks.Count == 0 ? winner.Json : Write(writer =>
        {
            var json = winner.Json!.Value;
            CopyExcept(writer, json, "associations");
            writer.WriteStartArray("associations");
            foreach (var association in json.ArrayOf("associations").Items().Where(item => !networks.Exists(group => IsOf(item, group.Key))))
            {
                association.WriteTo(writer);
            }

            foreach (var group in networks)
            {
                writer.WriteStartObject();
                writer.WriteString("name", "effective");
                writer.WriteString("attachmentTarget", group.Key.Value);
                writer.WriteNumber("order", group.Min(effective => effective.Order));
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        });
    }

    private static bool IsOf(JsonElement association, ResourceName network) => ResourceName.TryParse(association.TextOf("attachmentTarget"), network.Host) == network;

    private static EstateItem Newer(EstateItem? best, EstateItem next) => best is null || next.IsNewerThan(best) ? next : best;

    private static void CopyExcept(Utf8JsonWriter writer, JsonElement json, params ReadOnlySpan<string> names)
    {
        foreach (var property in json.EnumerateObject())
        {
            if (!names.Contains(property.Name))
            {
                property.WriteTo(writer);
            }
        }
    }

    private static JsonElement Write(Action<Utf8JsonWriter> properties)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            properties(writer);
            writer.WriteEndObject();
        }

        return JsonElement.Parse(stream.ToArray());
    }
}
