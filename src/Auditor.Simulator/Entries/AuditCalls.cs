using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Auditor.Model;

namespace Auditor.Simulator.Entries;

/// <summary>Calls as each API logs them: method name, form of the resource name, monitored resource, permissions, request.</summary>
public static class AuditCalls
{
    /// <summary>Compute Engine: numbers of the request are texts, and permissions name what else is touched.</summary>
    /// <param name="version">"v1" or "beta", the client's choice.</param>
    public static AuditCall Compute(string verb, ResourceName name, JsonObject? request = null, string version = "v1")
    {
        var collection = ComputeLog.Collection(name);
        var id = NumericId(name);
        return new AuditCall("compute.googleapis.com", $"{version}.compute.{collection}.{verb}", name.Path, name.Project!)
        {
            ResourceType = ComputeLog.Monitored(collection) is { Length: > 0 } type ? type : "audited_resource",
            Labels = ComputeLog.Labels(collection, name, id),
            Location = name.Location,
            Permissions = [new($"compute.{collection}.{ComputeLog.Permission(verb)}", name.Path, $"compute.{collection}"), .. ComputeLog.Touched(collection, request)],
            Request = Request($"compute.{collection}.{verb}", request is null ? null : (JsonObject)ComputeLog.Texts(request)!),
        };
    }

    /// <summary>Serverless VPC Access. A creation may be logged under the connector's parent.</summary>
    public static AuditCall Connector(string method, ResourceName name, JsonObject? connector = null, bool isUnderParent = false)
    {
        var parent = $"projects/{name.Project}/locations/{name.Location}";
        var full = $"google.cloud.vpcaccess.v1.VpcAccessService.{method}";
        var request = method == "CreateConnector"
            ? new JsonObject { ["parent"] = parent, ["connectorId"] = name.Id, ["connector"] = connector?.DeepClone() }
            : new JsonObject { ["name"] = name.Path, ["connector"] = connector?.DeepClone() };
        request = connector is null ? new JsonObject { ["name"] = name.Path } : request;
        return new AuditCall("vpcaccess.googleapis.com", full, isUnderParent ? parent : name.Path, name.Project!)
        {
            Labels = LabelsOf(("service", "vpcaccess.googleapis.com"), ("method", full)),
            Location = name.Location,
            Permissions = [new($"vpcaccess.connectors.{method.Replace("Connector", "", StringComparison.Ordinal).ToLowerInvariant()}", name.Path, "vpcaccess.googleapis.com/Connector")],
            Request = Request($"google.cloud.vpcaccess.v1.{method}Request", request),
            FinalResponse = method == "DeleteConnector" || connector is null ? null : Typed("google.cloud.vpcaccess.v1.Connector", connector),
        };
    }

    /// <summary>Cloud Run's second API: a long-running operation that ends with the service.</summary>
    public static AuditCall RunService(string method, ResourceName name, JsonObject service) => new(
        "run.googleapis.com", $"google.cloud.run.v2.Services.{method}", name.Path, name.Project!)
    {
        ResourceType = "cloud_run_revision",
        Labels = RunLabels(name),
        Location = name.Location,
        Permissions = [new($"run.services.{method.Replace("Service", "", StringComparison.Ordinal).ToLowerInvariant()}", name.Path, "run.googleapis.com/Service")],
        Request = Request($"google.cloud.run.v2.{method}Request", new JsonObject { ["service"] = Template(service) }),
        FinalResponse = Typed("google.cloud.run.v2.Service", Template(service)),
    };

    /// <summary>Cloud Run's first API: one entry, named in the form of Kubernetes, the region said by a label.</summary>
    public static AuditCall ReplaceRunService(ResourceName name, JsonArray traffic) => new(
        "run.googleapis.com", "google.cloud.run.v1.Services.ReplaceService", $"namespaces/{name.Project}/services/{name.Id}", name.Project!)
    {
        ResourceType = "cloud_run_revision",
        Labels = RunLabels(name),
        Location = name.Location,
        Permissions = [new("run.services.update", $"namespaces/{name.Project}/services/{name.Id}", "run.googleapis.com/Service")],
        Request = Request("google.cloud.run.v1.ReplaceServiceRequest", new JsonObject
        {
            ["name"] = $"namespaces/{name.Project}/services/{name.Id}",
            ["region"] = name.Location,
            ["service"] = Knative(name, traffic),
        }),
        Response = Typed("google.cloud.run.v1.Service", Knative(name, traffic)),
    };

    /// <summary>The number that Compute Engine gives a resource, derived from its name.</summary>
    public static string NumericId(ResourceName name) =>
        (1_000_000_000_000_000_000 + (BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(name.Value))) % 8_000_000_000_000_000_000)).ToString(CultureInfo.InvariantCulture);

    internal static ImmutableSortedDictionary<string, string> LabelsOf(params (string Key, string Value)[] labels) =>
        labels.ToImmutableSortedDictionary(label => label.Key, label => label.Value, StringComparer.Ordinal);

    private static ImmutableSortedDictionary<string, string> RunLabels(ResourceName name) =>
        LabelsOf(("service_name", name.Id), ("revision_name", ""), ("configuration_name", ""), ("location", name.Location!));

    private static JsonObject Request(string type, JsonObject? body) => Typed(type, body ?? []);

    private static JsonObject Typed(string type, JsonObject body)
    {
        var typed = new JsonObject { ["@type"] = $"type.googleapis.com/{type}" };
        foreach (var (key, value) in body)
        {
            typed[key] = value?.DeepClone();
        }

        return typed;
    }

    // The log holds no environment variables here: they are none of its business, nor of the auditor's.
    private static JsonObject Template(JsonObject service)
    {
        var kept = new JsonObject();
        foreach (var key in new[] { "name", "generation", "ingress", "template", "traffic" })
        {
            if (service[key] is { } value)
            {
                kept[key] = value.DeepClone();
            }
        }

        (kept["template"] as JsonObject)?.Remove("containers");
        return kept;
    }

    private static JsonObject Knative(ResourceName name, JsonArray traffic) => new()
    {
        ["apiVersion"] = "serving.knative.dev/v1",
        ["kind"] = "Service",
        ["metadata"] = new JsonObject { ["name"] = name.Id, ["namespace"] = name.Project, ["labels"] = new JsonObject { ["cloud.googleapis.com/location"] = name.Location } },
        ["spec"] = new JsonObject { ["traffic"] = traffic.DeepClone() },
    };
}
