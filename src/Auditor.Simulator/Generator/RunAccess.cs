using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Auditor.Simulator.Generator;

/// <summary>VPC access as Cloud Run's two APIs write it.</summary>
internal static class RunAccess
{
    private const string Prefix = "run.googleapis.com/";
    private static readonly JsonSerializerOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>v2: an object of the template or revision.</summary>
    public static void AddV2(JsonObject owner, AccessPlan? access)
    {
        if (access is null)
        {
            return;
        }

        var way = new JsonObject();
        if (access.Connector is { } connector)
        {
            way["connector"] = connector;
        }
        else
        {
            way["networkInterfaces"] = new JsonArray(Interface(access));
        }

        way["egress"] = access.AllTraffic ? "ALL_TRAFFIC" : "PRIVATE_RANGES_ONLY";
        owner["vpcAccess"] = way;
    }

    /// <summary>v1: annotations of the template or revision.</summary>
    public static JsonObject Annotations(AccessPlan? access)
    {
        var annotations = new JsonObject { ["autoscaling.knative.dev/maxScale"] = "20", [$"{Prefix}execution-environment"] = "gen2" };
        if (access is null)
        {
            return annotations;
        }

        if (access.Connector is { } connector)
        {
            annotations[$"{Prefix}vpc-access-connector"] = connector;
        }
        else
        {
            annotations[$"{Prefix}network-interfaces"] = new JsonArray(Interface(access)).ToJsonString(s_plain);
        }

        annotations[$"{Prefix}vpc-access-egress"] = access.AllTraffic ? "all-traffic" : "private-ranges-only";
        return annotations;
    }

    public static JsonObject Interface(AccessPlan access) => new()
    {
        ["network"] = access.Network,
        ["subnetwork"] = access.Subnet,
        ["tags"] = AssetWriter.List("direct"),
    };
}
