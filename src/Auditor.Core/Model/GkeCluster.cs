using Auditor.Network;

namespace Auditor.Model;

/// <summary>A GKE cluster: where its nodes, pods and control plane are. Its location is a region or a zone. Source: REST Resource projects.locations.clusters, container v1.</summary>
public sealed record GkeCluster(ResourceName Name) : Resource(Name)
{
    public GkeClusterStatus Status { get; init; }

    public ResourceName? Network { get; init; }

    /// <summary>The subnetwork of its nodes.</summary>
    public ResourceName? Subnetwork { get; init; }

    /// <summary>Whether pods have addresses of a secondary range (VPC-native); otherwise static routes lead to them. Null means false.</summary>
    public bool? UseIpAliases { get; init; }

    /// <summary>Addresses of pods.</summary>
    public IpRange? PodRange { get; init; }

    /// <summary>Virtual addresses of services: nothing outside the cluster reaches them.</summary>
    public IpRange? ServiceRange { get; init; }

    /// <summary>The secondary range of pods in <see cref="Subnetwork"/>; null when not said.</summary>
    public string? PodRangeName { get; init; }

    /// <summary>More secondary ranges of pods.</summary>
    public ValueList<string> AdditionalPodRangeNames { get; init; }

    /// <summary>Whether nodes have no external addresses; null means they have.</summary>
    public bool? EnablePrivateNodes { get; init; }

    /// <summary>The control plane's address inside the network; null when it has none.</summary>
    public IpRange? PrivateEndpoint { get; init; }

    /// <summary>The control plane's address on the internet; null when it has none.</summary>
    public IpRange? PublicEndpoint { get; init; }

    /// <summary>The control plane's range behind a peering; null for clusters whose control plane is in <see cref="PrivateEndpointSubnetwork"/>.</summary>
    public IpRange? MasterRange { get; init; }

    /// <summary>The peering to <see cref="MasterRange"/>; null when there is none.</summary>
    public string? PeeringName { get; init; }

    public ResourceName? PrivateEndpointSubnetwork { get; init; }

    /// <summary>Whether other regions reach the private endpoint; null means they do not.</summary>
    public bool? MasterGlobalAccess { get; init; }

    /// <summary>Whether only <see cref="AuthorizedNetworks"/> reach the control plane; null means everybody may.</summary>
    public bool? AuthorizedNetworksEnabled { get; init; }

    public ValueList<IpRange> AuthorizedNetworks { get; init; }

    /// <summary>Whether authorised networks hold for the private endpoint too; null means false.</summary>
    public bool? PrivateEndpointEnforcement { get; init; }

    /// <summary>Whether NetworkPolicy may drop packets behind the node; null means not said.</summary>
    public bool? NetworkPolicyEnabled { get; init; }

    /// <summary>ADVANCED_DATAPATH enforces NetworkPolicy; null when not said.</summary>
    public string? DatapathProvider { get; init; }

    public ValueList<GkeNodePool> NodePools { get; init; }

    public ValueList<KeyValuePair<string, string>> Labels { get; init; }

    /// <summary>The region of its zone or its own; null when its name does not say.</summary>
    public string? Region => RegionOf(Name.Location);

    /// <summary>Whether something inside the cluster that the auditor does not see may drop packets to pods.</summary>
    public bool MayEnforceNetworkPolicy => NetworkPolicyEnabled == true || DatapathProvider == "ADVANCED_DATAPATH";

    public override IEnumerable<ResourceName> References => new[] { Network, Subnetwork, PrivateEndpointSubnetwork }.OfType<ResourceName>().Concat(NodePools.SelectMany(pool => pool.InstanceGroups));

    public override string? Lifecycle => Status == GkeClusterStatus.Unspecified ? null : Status.ToGoogleWord();

    internal static GkeCluster Parse(FieldReader fields)
    {
        var (config, ip, own) = (fields.Child("networkConfig"), fields.Child("ipAllocationPolicy"), fields.Child("privateClusterConfig"));
        var endpoints = fields.Child("controlPlaneEndpointsConfig")?.Child("ipEndpointsConfig");
        var authorized = fields.Child("masterAuthorizedNetworksConfig") ?? endpoints?.Child("authorizedNetworksConfig");
        var region = RegionOf(fields.Context.Name.Location);
        return new GkeCluster(fields.Context.Name)
        {
            Status = fields.Choice("status", GkeClusterStatus.Unrecognized) ?? GkeClusterStatus.Unspecified,

            // Beside the short names, which do not say whose network it is.
            Network = config?.Reference("network", ResourceKind.Network) ?? fields.Reference("network", ResourceKind.Network),
            Subnetwork = config?.Reference("subnetwork", ResourceKind.Subnetwork, location: region) ?? fields.Reference("subnetwork", ResourceKind.Subnetwork, location: region),
            UseIpAliases = ip?.Flag("useIpAliases"),
            PodRange = fields.Range("clusterIpv4Cidr"),
            ServiceRange = fields.Range("servicesIpv4Cidr"),
            PodRangeName = ip?.Text("clusterSecondaryRangeName"),
            AdditionalPodRangeNames = ip?.Child("additionalPodRangesConfig")?.Texts("podRangeNames") ?? [],
            EnablePrivateNodes = own?.Flag("enablePrivateNodes"),
            PrivateEndpoint = own?.Range("privateEndpoint") ?? endpoints?.Range("privateEndpoint"),
            PublicEndpoint = own?.Range("publicEndpoint") ?? endpoints?.Range("publicEndpoint"),
            MasterRange = own?.Range("masterIpv4CidrBlock"),
            PeeringName = own?.Text("peeringName"),
            PrivateEndpointSubnetwork = own?.Reference("privateEndpointSubnetwork", ResourceKind.Subnetwork, location: region),
            MasterGlobalAccess = own?.Child("masterGlobalAccessConfig")?.Flag("enabled") ?? endpoints?.Flag("globalAccess"),
            AuthorizedNetworksEnabled = authorized?.Flag("enabled"),
            AuthorizedNetworks = (authorized?.Children("cidrBlocks") ?? []).Select(block => block.Range("cidrBlock")).OfType<IpRange>().ToValueList(),
            PrivateEndpointEnforcement = authorized?.Flag("privateEndpointEnforcementEnabled"),
            NetworkPolicyEnabled = fields.Child("networkPolicy")?.Flag("enabled"),
            DatapathProvider = config?.Text("datapathProvider"),
            NodePools = fields.Children("nodePools").Select(GkeNodePool.Parse).ToValueList(),
            Labels = fields.Map("resourceLabels"),
        };
    }

    // europe-west1-b is a zone of europe-west1.
    private static string? RegionOf(string? location) => location is not null && location.Count(letter => letter == '-') == 2 ? location[..location.LastIndexOf('-')] : location;
}

/// <summary>A node pool of a cluster.</summary>
/// <param name="InstanceGroups">The groups of its VMs, one a zone.</param>
/// <param name="Tags">Network tags of its VMs.</param>
/// <param name="ServiceAccount">Of its VMs; "default" is the project's default account, null when not said.</param>
/// <param name="PodRangeName">Its own secondary range of pods; null means the cluster's.</param>
public sealed record GkeNodePool(string? Name, ValueList<ResourceName> InstanceGroups, ValueList<string> Tags, string? ServiceAccount, string? PodRangeName)
{
    internal static GkeNodePool Parse(FieldReader fields)
    {
        var config = fields.Child("config");
        return new GkeNodePool(
            fields.Text("name"),
            fields.Texts("instanceGroupUrls").Select(url => fields.Context.ResolveAny(url, "compute.googleapis.com")).OfType<ResourceName>().Select(GroupOf).ToValueList(),
            config?.Texts("tags") ?? [],
            config?.Text("serviceAccount"),
            fields.Child("networkConfig")?.Text("podRange"));
    }

    // Google names the managers; the group a manager fills bears its name.
    private static ResourceName GroupOf(ResourceName manager) => ResourceName.Of(manager.Host, manager.Path.Replace("/instanceGroupManagers/", "/instanceGroups/", StringComparison.Ordinal));
}

/// <summary>States of a GKE cluster, with the API's numbers.</summary>
public enum GkeClusterStatus
{
    /// <summary>Not said.</summary>
    Unspecified = 0,
    Provisioning = 1,
    Running = 2,
    Reconciling = 3,
    Stopping = 4,
    Error = 5,
    Degraded = 6,

    /// <summary>A state Google added after this was written.</summary>
    Unrecognized = -1,
}
