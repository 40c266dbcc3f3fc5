using System.Text.Json;

namespace Auditor.Model;

/// <summary>Reads the parts that several Cloud Run kinds share, from either API.</summary>
internal static class RunFields
{
    private const string Prefix = "run.googleapis.com/";

    /// <summary>v1 objects have metadata and spec; v2 objects have their fields at the top.</summary>
    internal static bool IsKnative(FieldReader fields) => fields.Has("metadata") || fields.Has("spec");

    /// <summary>v2: the vpcAccess object of a template.</summary>
    internal static VpcAccess? AccessV2(FieldReader? template)
    {
        if (template?.Child("vpcAccess") is not { } access)
        {
            return null;
        }

        var connector = access.Reference("connector", ResourceKind.Connector);
        var direct = access.Children("networkInterfaces") is [var first, ..] ? Interface(first) : null;
        return connector is null && direct is null ? null : (direct ?? new VpcAccess()) with
        {
            Connector = connector,
            // The API's numbers.
            Egress = access.Text("egress") switch { "1" => VpcEgress.AllTraffic, "2" => VpcEgress.PrivateRangesOnly, var word => VpcEgressWords.Read(word) },
        };
    }

    /// <summary>v1: the annotations of a template's or revision's metadata.</summary>
    internal static VpcAccess? AccessV1(FieldReader? annotations)
    {
        if (annotations is null)
        {
            return null;
        }

        var connector = annotations.Reference(Prefix + "vpc-access-connector", ResourceKind.Connector);
        var direct = annotations.Text(Prefix + "network-interfaces") is { Length: > 0 } text ? Interface(annotations, text) : null;
        return connector is null && direct is null ? null : (direct ?? new VpcAccess()) with
        {
            Connector = connector,
            Egress = VpcEgressWords.Read(annotations.Text(Prefix + "vpc-access-egress")),
        };
    }

    /// <summary>A network interface of Direct VPC egress: run v2, functions v2.</summary>
    internal static VpcAccess Interface(FieldReader fields) => new()
    {
        Network = fields.Reference("network", ResourceKind.Network),
        Subnetwork = fields.Reference("subnetwork", ResourceKind.Subnetwork),
        Tags = fields.Texts("tags"),
    };

    /// <summary>v1: the condition of type Ready.</summary>
    internal static RunCondition? ReadyV1(FieldReader? status) => RunCondition.ParseV1(Ready(status));

    /// <summary>v2: the terminal condition, or for revisions the condition of type Ready.</summary>
    internal static RunCondition? ReadyV2(FieldReader fields) => RunCondition.ParseV2(fields.Has("terminalCondition") ? fields.Child("terminalCondition") : Ready(fields));

    /// <summary>v2: Cloud SQL instances among the volumes of a template.</summary>
    internal static ValueList<string> SqlV2(FieldReader? template) =>
        (template?.Children("volumes") ?? []).SelectMany(volume => volume.Child("cloudSqlInstance")?.Texts("instances") ?? []).ToValueList();

    /// <summary>v1: Cloud SQL instances, comma-separated in an annotation.</summary>
    internal static ValueList<string> SqlV1(FieldReader? annotations) => annotations?.Text(Prefix + "cloudsql-instances") is { Length: > 0 } text
        ? text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).ToValueList()
        : [];

    internal static string? EnvironmentV1(FieldReader? annotations) => annotations?.Text(Prefix + "execution-environment");

    internal static int? ScaleV1(FieldReader? annotations, string limit) => annotations?.Number("autoscaling.knative.dev/" + limit);

    /// <summary>A revision named in full or by its short name, then one of the service or worker pool.</summary>
    internal static ResourceName? Revision(FieldReader fields, string name, ResourceName owner) => Revision(fields.Context, fields.Text(name), owner);

    internal static ResourceName? Revision(ParseContext context, string? text, ResourceName owner) => string.IsNullOrEmpty(text) ? null
        : text.Contains('/', StringComparison.Ordinal) ? context.Resolve(text, ResourceKind.RunRevision)
        : ResourceName.Of(owner.Host, $"{owner.Path}/revisions/{text}");

    private static FieldReader? Ready(FieldReader? fields)
    {
        var ready = fields?.Children("conditions").FirstOrDefault(condition => condition.Peek("type") == "Ready");
        ready?.Text("type");
        return ready;
    }

    // The annotation holds JSON text: [{"network":"n","subnetwork":"s","tags":"t"}].
    private static VpcAccess? Interface(FieldReader annotations, string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return json.RootElement.ValueKind == JsonValueKind.Array && json.RootElement.GetArrayLength() > 0
                ? Interface(new FieldReader(json.RootElement[0], annotations.Context, path: Prefix + "network-interfaces[0]"))
                : throw annotations.NotUnderstood(Prefix + "network-interfaces", "no list", "a JSON list with one interface");
        }
        catch (JsonException)
        {
            throw annotations.NotUnderstood(Prefix + "network-interfaces", "not JSON", "a JSON list with one interface");
        }
    }
}
