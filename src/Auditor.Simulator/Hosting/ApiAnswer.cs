using System.Text.Json.Nodes;

namespace Auditor.Simulator.Hosting;

/// <summary>An answer of the simulated APIs, errors in Google's shape.</summary>
internal sealed record ApiAnswer(int Status, JsonObject Body)
{
    public static ApiAnswer Ok(JsonObject body) => new(200, body);

    public static ApiAnswer NotFound(string message) => Error(404, "NOT_FOUND", message, "notFound");

    public static ApiAnswer BadRequest(string message) => Error(400, "INVALID_ARGUMENT", message, "invalid");

    public static ApiAnswer Forbidden(string message, string reason, string service, string project, string? permission) => Error(403, "PERMISSION_DENIED", message, "forbidden", new JsonObject
    {
        ["@type"] = "type.googleapis.com/google.rpc.ErrorInfo",
        ["reason"] = reason,
        ["domain"] = permission is null ? "googleapis.com" : "iam.googleapis.com",
        ["metadata"] = permission is null
            ? new JsonObject { ["service"] = service, ["consumer"] = $"projects/{project}" }
            : new JsonObject { ["permission"] = permission, ["resource"] = $"projects/{project}" },
    });

    public static ApiAnswer Error(int status, string word, string message, string reason, JsonObject? detail = null)
    {
        var error = new JsonObject
        {
            ["code"] = status,
            ["message"] = message,
            ["errors"] = new JsonArray(new JsonObject { ["message"] = message, ["domain"] = "global", ["reason"] = reason }),
            ["status"] = word,
        };
        if (detail is not null)
        {
            error["details"] = new JsonArray(detail);
        }

        return new ApiAnswer(status, new JsonObject { ["error"] = error });
    }
}
