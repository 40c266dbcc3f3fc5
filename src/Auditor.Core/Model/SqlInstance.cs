using Auditor.Network;

namespace Auditor.Model;

/// <summary>A Cloud SQL instance. Source: REST Resource instances, sqladmin v1 and v1beta4.</summary>
public sealed record SqlInstance(ResourceName Name) : Resource(Name)
{
    public SqlState State { get; init; }

    /// <summary>POSTGRES_16, MYSQL_8_0, SQLSERVER_2022_STANDARD, ...; null when not said.</summary>
    public string? DatabaseVersion { get; init; }

    /// <summary>The name does not hold it.</summary>
    public string? Region { get; init; }

    /// <summary>"project:region:name", by which clients name it.</summary>
    public string? ConnectionName { get; init; }

    /// <summary>CLOUD_SQL_INSTANCE, READ_REPLICA_INSTANCE, ...; null when not said.</summary>
    public string? InstanceType { get; init; }

    /// <summary>ALWAYS, NEVER (stopped, although RUNNABLE) or ON_DEMAND; null means ALWAYS.</summary>
    public string? ActivationPolicy { get; init; }

    /// <summary>Whether it has a public address; null means it has.</summary>
    public bool? Ipv4Enabled { get; init; }

    /// <summary>The network its private address is peered with; null when it has none.</summary>
    public ResourceName? PrivateNetwork { get; init; }

    /// <summary>Name of the allocated range its private address comes from; null means any of the connection.</summary>
    public string? AllocatedIpRange { get; init; }

    /// <summary>Null means false.</summary>
    public bool? EnablePrivatePath { get; init; }

    /// <summary>REQUIRED (only clients with Cloud SQL's connectors are let in) or NOT_REQUIRED; null means NOT_REQUIRED.</summary>
    public string? ConnectorEnforcement { get; init; }

    /// <summary>Old word for <see cref="SslMode"/>.</summary>
    public bool? RequireSsl { get; init; }

    /// <summary>ALLOW_UNENCRYPTED_AND_ENCRYPTED, ENCRYPTED_ONLY, TRUSTED_CLIENT_CERTIFICATE_REQUIRED; null when not said.</summary>
    public string? SslMode { get; init; }

    /// <summary>Who may reach the public address.</summary>
    public ValueList<AuthorizedNetwork> AuthorizedNetworks { get; init; }

    /// <summary>Null means false.</summary>
    public bool? PscEnabled { get; init; }

    /// <summary>Projects whose endpoints are let in, ids or numbers as written.</summary>
    public ValueList<string> PscAllowedConsumerProjects { get; init; }

    /// <summary>Endpoints that Google made in consumers' networks.</summary>
    public ValueList<PscAutoConnection> PscAutoConnections { get; init; }

    /// <summary>The service attachment that Private Service Connect endpoints name.</summary>
    public ResourceName? PscServiceAttachment { get; init; }

    public ValueList<SqlAddress> IpAddresses { get; init; }

    public string? DnsName { get; init; }

    public ValueList<KeyValuePair<string, string>> Labels { get; init; }

    /// <summary>Its address inside the network; null when it has none.</summary>
    public IpRange? PrivateAddress => IpAddresses.Where(address => address.Type == "PRIVATE").Select(address => address.Address).FirstOrDefault();

    /// <summary>Whether it answers: runnable and not stopped by its activation policy.</summary>
    public bool IsRunning => State == SqlState.Runnable && ActivationPolicy != "NEVER";

    /// <summary>The port of its engine: 5432, 3306, 1433; null when the engine is not known.</summary>
    public int? Port => DatabaseVersion is not { } version ? null
        : version.StartsWith("POSTGRES", StringComparison.Ordinal) ? 5432
        : version.StartsWith("MYSQL", StringComparison.Ordinal) ? 3306
        : version.StartsWith("SQLSERVER", StringComparison.Ordinal) ? 1433
        : null;

    public override IEnumerable<ResourceName> References => PscAutoConnections.Select(connection => connection.ConsumerNetwork).Prepend(PscServiceAttachment).Prepend(PrivateNetwork).OfType<ResourceName>();

    public override string? Lifecycle => State == SqlState.Unspecified ? null : State.ToGoogleWord();

    internal static SqlInstance Parse(FieldReader fields)
    {
        var settings = fields.Child("settings");
        var ip = settings?.Child("ipConfiguration");
        var psc = ip?.Child("pscConfig");
        return new SqlInstance(fields.Context.Name)
        {
            State = fields.Choice("state", SqlState.Unrecognized) ?? SqlState.Unspecified,
            DatabaseVersion = fields.Text("databaseVersion"),
            Region = fields.Text("region"),
            ConnectionName = fields.Text("connectionName"),
            InstanceType = fields.Text("instanceType"),
            ActivationPolicy = settings?.Text("activationPolicy"),
            Ipv4Enabled = ip?.Flag("ipv4Enabled"),
            PrivateNetwork = ip?.Reference("privateNetwork", ResourceKind.Network),
            AllocatedIpRange = ip?.Text("allocatedIpRange"),
            EnablePrivatePath = ip?.Flag("enablePrivatePathForGoogleCloudServices"),
            RequireSsl = ip?.Flag("requireSsl"),
            SslMode = ip?.Text("sslMode"),
            AuthorizedNetworks = (ip?.Children("authorizedNetworks") ?? [])
                .Select(network => new AuthorizedNetwork(network.Text("name"), network.Range("value"), network.Instant("expirationTime"))).ToValueList(),
            ConnectorEnforcement = settings?.Text("connectorEnforcement"),
            PscEnabled = psc?.Flag("pscEnabled"),
            PscAllowedConsumerProjects = psc?.Texts("allowedConsumerProjects") ?? [],
            PscAutoConnections = (psc?.Children("pscAutoConnections") ?? []).Select(PscAutoConnection.Parse).ToValueList(),
            PscServiceAttachment = fields.AnyReference("pscServiceAttachmentLink", "compute.googleapis.com"),
            IpAddresses = fields.Children("ipAddresses").Select(address => new SqlAddress(address.Range("ipAddress"), address.Text("type"))).ToValueList(),
            DnsName = fields.Text("dnsName"),
            Labels = settings?.Map("userLabels") ?? [],
        };
    }
}

/// <summary>An address of a Cloud SQL instance.</summary>
/// <param name="Type">PRIMARY (public), OUTGOING or PRIVATE.</param>
public sealed record SqlAddress(IpRange? Address, string? Type);

/// <summary>A range that may reach a Cloud SQL instance's public address.</summary>
public sealed record AuthorizedNetwork(string? Name, IpRange? Range, DateTimeOffset? ExpirationTime);

/// <summary>States of a Cloud SQL instance, with the API's numbers.</summary>
public enum SqlState
{
    /// <summary>Not said.</summary>
    Unspecified = 0,
    Runnable = 1,
    Suspended = 2,
    PendingDelete = 3,
    PendingCreate = 4,
    Maintenance = 5,
    Failed = 6,
    OnlineMaintenance = 7,
    Repairing = 8,
    UnknownState = 100,

    /// <summary>A state Google added after this was written.</summary>
    Unrecognized = -1,
}
