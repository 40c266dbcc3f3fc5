using System.Text.Json.Nodes;

namespace Auditor.Simulator.Hosting;

/// <summary>
/// The two APIs of Cloud Functions. The first knows functions of the first generation only; the second shows both, those of the first generation
/// in its own words.
/// </summary>
internal static class FunctionShapes
{
    /// <summary>The function as the API version shows it; null when that version does not know it.</summary>
    public static JsonObject? For(string version, JsonObject? stored)
    {
        var isSecondGeneration = stored?["environment"] is not null;
        return stored is null || (version == "v2/" && isSecondGeneration) ? stored
            : version == "v1/" ? isSecondGeneration ? null : stored
            : ToSecond(stored);
    }

    private static JsonObject ToSecond(JsonObject first)
    {
        var service = new JsonObject { ["serviceAccountEmail"] = first["serviceAccountEmail"]?.DeepClone() };
        foreach (var key in new[] { "environmentVariables", "vpcConnector", "vpcConnectorEgressSettings", "ingressSettings" })
        {
            if (first[key] is { } value)
            {
                service[key] = value.DeepClone();
            }
        }

        return new JsonObject
        {
            ["name"] = first["name"]?.DeepClone(),
            ["buildConfig"] = new JsonObject { ["runtime"] = first["runtime"]?.DeepClone(), ["entryPoint"] = first["entryPoint"]?.DeepClone() },
            ["serviceConfig"] = service,
            ["state"] = first["status"]?.DeepClone(),
            ["updateTime"] = first["updateTime"]?.DeepClone(),
            ["labels"] = first["labels"]?.DeepClone(),
            ["environment"] = "GEN_1",
        };
    }
}
