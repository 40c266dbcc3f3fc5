using System.Text.Json.Nodes;
using Auditor.Tests.Oracles.Firewall;

namespace Auditor.Tests.Oracles.Paths;

/// <summary>A Cloud SQL or Redis instance with an address by private services access, or behind an endpoint.</summary>
internal sealed record NaiveManaged(JsonNode Item, bool IsSql)
{
    public string Name => RawEstate.Short(RawJson.Text(Item, "name")!);

    /// <summary>Whether a peering is the one that such an instance is reached by.</summary>
    public bool Uses(JsonNode peering)
    {
        var name = RawJson.Text(peering, "name")!;
        return (name, IsSql, RawJson.Text(Item, "connectMode")) switch
        {
            ("servicenetworking-googleapis-com", true, _) => true,
            ("servicenetworking-googleapis-com", false, "PRIVATE_SERVICE_ACCESS") => true,
            (_, true, _) => name.StartsWith("cloudsql-mysql-", StringComparison.Ordinal) || name.StartsWith("cloudsql-postgres-", StringComparison.Ordinal),
            (_, false, null or "DIRECT_PEERING") => name.StartsWith("redis-peer-", StringComparison.Ordinal),
            _ => false,
        };
    }

    /// <summary>Null when the instance answers.</summary>
    /// <param name="byEndpoint">Whether it is asked through Private Service Connect, where the source address does not matter.</param>
    public PathAnswer? Failure(uint source, uint destination, int protocol, int port, bool byEndpoint = false) => IsSql ? OfSql(source, protocol, port, byEndpoint) : OfRedis(source, destination, protocol, port);

    private PathAnswer? OfSql(uint source, int protocol, int port, bool byEndpoint)
    {
        var settings = Item["settings"];
        var state = RawJson.Text(Item, "state");
        if (RawJson.Text(settings, "activationPolicy") == "NEVER" || state is not (null or "RUNNABLE"))
        {
            return Blocked("CLOUD_SQL_INSTANCE_NOT_RUNNING");
        }

        if (state is null)
        {
            return PathAnswer.Unknown(Stages.Target, "the instance's state");
        }

        var version = RawJson.Text(Item, "databaseVersion") ?? "";
        int? own = version.StartsWith("POSTGRES", StringComparison.Ordinal) ? 5432 : version.StartsWith("MYSQL", StringComparison.Ordinal) ? 3306 : version.StartsWith("SQLSERVER", StringComparison.Ordinal) ? 1433 : null;
        if (protocol == 6 && port != 3307 && own is null)
        {
            return PathAnswer.Unknown(Stages.Target, "the instance's engine");
        }

        if (protocol != 6 || (port != 3307 && port != own))
        {
            return Blocked("CLOUD_SQL_INSTANCE_UNSUPPORTED_PORT");
        }

        if (port != 3307 && RawJson.Text(settings, "connectorEnforcement") == "REQUIRED")
        {
            return Blocked("CLOUD_SQL_CONNECTOR_REQUIRED");
        }

        if (byEndpoint)
        {
            return null;
        }

        var authorized = RawJson.List(settings?["ipConfiguration"], "authorizedNetworks").ConvertAll(network => RawJson.Text(network, "value")!);
        if (port != 3307 && !Ranges.Any(Ranges.Rfc1918, source) && !Ranges.Any(authorized, source))
        {
            return Blocked("CLOUD_SQL_INSTANCE_UNAUTHORIZED_ACCESS");
        }

        return Ranges.Has("172.17.0.0/16", source) ? Blocked("NO_VALID_ROUTE_FROM_GOOGLE_MANAGED_NETWORK_TO_DESTINATION") : null;
    }

    private PathAnswer? OfRedis(uint source, uint destination, int protocol, int port)
    {
        switch (RawJson.Text(Item, "state"))
        {
            case "READY" or "UPDATING" or "MAINTENANCE" or "FAILING_OVER" or "REPAIRING":
                break;
            case "CREATING" or "DELETING" or "IMPORTING":
                return Blocked("REDIS_INSTANCE_NOT_RUNNING");
            default:
                return PathAnswer.Unknown(Stages.Target, "the instance's state");
        }

        if (protocol != 6)
        {
            return Blocked("REDIS_INSTANCE_UNSUPPORTED_PROTOCOL");
        }

        var own = RawEstate.IsAt(Item, "host", destination) ? RawJson.Number(Item, "port") : RawJson.Number(Item, "readEndpointPort");
        return port != (own ?? 6379) ? Blocked("REDIS_INSTANCE_UNSUPPORTED_PORT")
            : Ranges.IsPrivate(source) ? null
            : Blocked("REDIS_INSTANCE_CONNECTING_FROM_PUPI_ADDRESS");
    }

    private PathAnswer Blocked(string reason) => PathAnswer.Blocked(Stages.Target, reason, Name);
}
