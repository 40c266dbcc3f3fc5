using System.Globalization;
using Auditor.Model;

namespace Auditor.Reach.Paths;

/// <summary>One change that removes the cause of a blocked path.</summary>
/// <param name="What">In words: "turn on Private Google Access of subnetwork direct".</param>
/// <param name="Gcloud">The command.</param>
/// <param name="Terraform">The resource with what changes in it.</param>
/// <param name="Change">The resource as it is then; null where that cannot be imagined, because Google chooses a part of it.</param>
public sealed record PathFix(string What, string Gcloud, string Terraform, EstateEntry? Change)
{
    internal static PathFix Of(string what, string gcloud, string type, ResourceName name, Resource? changed, params string[] lines) =>
        new(what, gcloud, Block(type, name, ["# the rest as it is", .. lines]), changed is null ? null : new EstateEntry(name, changed));

    /// <summary>The same, which changes another resource than the command names: the one whose part that is.</summary>
    internal PathFix Changing(ResourceName name, Resource changed) => this with { Change = new EstateEntry(name, changed) };

    /// <summary>A new firewall rule.</summary>
    internal static PathFix Of(Firewall rule) => new($"create firewall rule {rule.Name.Id}", Command(rule), TerraformOf(rule), new EstateEntry(rule.Name, rule));

    internal static string Block(string type, ResourceName name, IEnumerable<string> lines) =>
        $"resource \"{type}\" \"{name.Id.Replace('-', '_')}\" {{\n{string.Join('\n', lines.Select(line => "  " + line))}\n}}";

    private static string Command(Firewall rule)
    {
        var parts = new List<string>
        {
            $"gcloud compute firewall-rules create {rule.Name.Id} --project={rule.Name.Project} --network={rule.Network!.Value.Id} --direction={Direction(rule)}",
            string.Create(CultureInfo.InvariantCulture, $"--priority={rule.Priority} --action=ALLOW --rules={string.Join(',', rule.Layer4.Select(Traffic))}"),
        };
        Add("--source-ranges", rule.SourceRanges.Select(range => range.ToString()));
        Add("--destination-ranges", rule.DestinationRanges.Select(range => range.ToString()));
        Add("--target-tags", rule.TargetTags);
        return string.Join(' ', parts);

        void Add(string flag, IEnumerable<string> values)
        {
            if (values.Any())
            {
                parts.Add($"{flag}={string.Join(',', values)}");
            }
        }
    }

    private static string TerraformOf(Firewall rule)
    {
        var lines = new List<string>
        {
            $"project            = \"{rule.Name.Project}\"",
            $"name               = \"{rule.Name.Id}\"",
            $"network            = \"{rule.Network!.Value.Id}\"",
            $"direction          = \"{Direction(rule)}\"",
            string.Create(CultureInfo.InvariantCulture, $"priority           = {rule.Priority}"),
        };
        Add("source_ranges     ", rule.SourceRanges.Select(range => range.ToString()));
        Add("destination_ranges", rule.DestinationRanges.Select(range => range.ToString()));
        Add("target_tags       ", rule.TargetTags);
        foreach (var layer4 in rule.Layer4)
        {
            lines.Add("allow {");
            lines.Add($"  protocol = \"{layer4.Protocol}\"");
            if (!layer4.Ports.IsEmpty)
            {
                lines.Add($"  ports    = {List(layer4.Ports.Select(port => port.ToString()))}");
            }

            lines.Add("}");
        }

        return Block("google_compute_firewall", rule.Name, lines);

        void Add(string field, IEnumerable<string> values)
        {
            if (values.Any())
            {
                lines.Add($"{field} = {List(values)}");
            }
        }
    }

    private static string List(IEnumerable<string> values) => $"[{string.Join(", ", values.Select(value => $"\"{value}\""))}]";

    private static string Direction(Firewall rule) => rule.Direction == TrafficDirection.Egress ? "EGRESS" : "INGRESS";

    private static string Traffic(Layer4 layer4) => layer4.Ports.IsEmpty ? layer4.Protocol : string.Join(',', layer4.Ports.Select(port => $"{layer4.Protocol}:{port}"));
}
