namespace Auditor.Model;

/// <summary>
/// Code that Google runs and that may leave for a VPC: a Cloud Run service (as its template says), revision, job or worker pool, a function,
/// an App Engine version.
/// </summary>
public abstract record Workload(ResourceName Name) : Resource(Name)
{
    /// <summary>How it leaves for a VPC; null when it does not.</summary>
    public VpcAccess? VpcAccess { get; init; }

    /// <summary>E-mail of the service account it runs as; null means the API's default account.</summary>
    public string? ServiceAccount { get; init; }

    /// <summary>Labels, sorted by key; see <see cref="LabelList.Find"/>.</summary>
    public ValueList<KeyValuePair<string, string>> Labels { get; init; }

    /// <summary>What its environment variables say it calls, sorted; never the variables themselves.</summary>
    public ValueList<Endpoint> Endpoints { get; init; }

    /// <summary>Where it runs; null for App Engine, whose application says it.</summary>
    public virtual string? Region => Name.Location;

    public override IEnumerable<ResourceName> References => VpcAccess?.References ?? [];
}

/// <summary>
/// The way of a workload into a VPC: through a connector, or by Direct VPC egress (a network interface of its own). Google allows one of the
/// two. Source: GoogleCloudRunV2VpcAccess, CloudFunction.vpcConnector, Function.serviceConfig, App Engine VpcAccessConnector.
/// </summary>
public sealed record VpcAccess
{
    public ResourceName? Connector { get; init; }

    /// <summary>Network of the Direct VPC interface; null when only the subnetwork is named.</summary>
    public ResourceName? Network { get; init; }

    /// <summary>Subnetwork of the Direct VPC interface; when only the network is named, Google takes the subnetwork of the same name.</summary>
    public ResourceName? Subnetwork { get; init; }

    /// <summary>Network tags of the Direct VPC interface.</summary>
    public ValueList<string> Tags { get; init; }

    /// <summary>Which traffic takes this way; not said means private ranges only.</summary>
    public VpcEgress Egress { get; init; } = VpcEgress.PrivateRangesOnly;

    internal IEnumerable<ResourceName> References => new[] { Connector, Network, Subnetwork }.OfType<ResourceName>();

    /// <summary>The attachment in a few words, for sentences: "connector c, all-traffic".</summary>
    public string Describe() =>
        $"{(Connector is { } connector ? $"connector {connector.Id}" : $"Direct VPC egress on {(Subnetwork ?? Network)?.Id ?? "an unnamed network"}")}, {Egress.ToWord()}";
}

/// <summary>Which traffic a workload sends into the VPC.</summary>
public enum VpcEgress
{
    /// <summary>PRIVATE_RANGES_ONLY, private-ranges-only, PRIVATE_IP_RANGES, VPC_EGRESS_PRIVATE_RANGES_ONLY; also when nothing is said.</summary>
    PrivateRangesOnly,

    /// <summary>ALL_TRAFFIC, all-traffic, the old alias "all", VPC_EGRESS_ALL_TRAFFIC.</summary>
    AllTraffic,

    /// <summary>A value Google added after this was written.</summary>
    Unrecognized,
}

/// <summary>The words in which people write egress settings.</summary>
public static class VpcEgressWords
{
    public static string ToWord(this VpcEgress egress) => egress switch
    {
        VpcEgress.PrivateRangesOnly => "private-ranges-only",
        VpcEgress.AllTraffic => "all-traffic",
        _ => "an unrecognised egress setting",
    };

    /// <summary>Reads any API's spelling; absent is private ranges only.</summary>
    public static VpcEgress Read(string? word) => word?.Replace('-', '_').ToUpperInvariant() switch
    {
        null or "" or "VPC_EGRESS_UNSPECIFIED" or "EGRESS_SETTING_UNSPECIFIED" or "VPC_CONNECTOR_EGRESS_SETTINGS_UNSPECIFIED" or "0" => VpcEgress.PrivateRangesOnly,
        "PRIVATE_RANGES_ONLY" or "PRIVATE_IP_RANGES" or "VPC_EGRESS_PRIVATE_RANGES_ONLY" => VpcEgress.PrivateRangesOnly,
        "ALL_TRAFFIC" or "ALL" or "VPC_EGRESS_ALL_TRAFFIC" => VpcEgress.AllTraffic,
        _ => VpcEgress.Unrecognized,
    };
}
