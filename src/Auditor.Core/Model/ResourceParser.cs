using System.Collections.Immutable;
using System.Text.Json;

namespace Auditor.Model;

/// <summary>Turns Google's REST JSON of one resource into its record. The same parser serves every source.</summary>
public static class ResourceParser
{
    /// <summary>
    /// Parses the JSON of the resource called <paramref name="name"/>. Never throws on data: what makes no sense is said in
    /// <see cref="ParsedResource.Problem"/>.
    /// </summary>
    /// <param name="keepJson">Whether to produce the trimmed canonical JSON beside the record.</param>
    /// <param name="readVariables">Whether workloads' variables are looked at for endpoints.</param>
    public static ParsedResource Parse(ResourceName name, JsonElement json, ImmutableDictionary<string, string> projectIdsByNumber, bool keepJson = false, bool readVariables = true)
    {
        var context = new ParseContext(name, projectIdsByNumber) { ReadVariables = readVariables };
        if (context.Name.HasProjectNumber)
        {
            context.Resolve(context.Name.Value, name.Kind);
        }

        var kept = keepJson ? new KeptFields() : null;
        try
        {
            var resource = json.ValueKind == JsonValueKind.Object
                ? Parse(context.Name.Kind, new FieldReader(json, context, kept))
                : throw new NotUnderstoodException("the resource is not a JSON object");
            return new ParsedResource(context.Name, resource, kept?.ToCanonicalJson(), null, context.UnmappedProjectNumbers);
        }
        catch (NotUnderstoodException e)
        {
            return new ParsedResource(context.Name, null, null, e.Message, context.UnmappedProjectNumbers);
        }
        catch (InvalidOperationException)
        {
            // System.Text.Json says so when a text holds half a surrogate pair or broken UTF-8.
            return new ParsedResource(context.Name, null, null, "a text in it is not Unicode", context.UnmappedProjectNumbers);
        }
    }

    private static Resource? Parse(ResourceKind kind, FieldReader fields) => kind switch
    {
        ResourceKind.Folder => Folder.Parse(fields),
        ResourceKind.Project => Project.Parse(fields),
        ResourceKind.Network => VpcNetwork.Parse(fields),
        ResourceKind.Subnetwork => Subnetwork.Parse(fields),
        ResourceKind.Connector => Connector.Parse(fields),
        ResourceKind.RunService => RunService.Parse(fields),
        ResourceKind.RunRevision => RunRevision.Parse(fields),
        ResourceKind.RunJob => RunJob.Parse(fields),
        ResourceKind.RunWorkerPool => RunWorkerPool.Parse(fields),
        ResourceKind.Function => Function.Parse(fields),
        ResourceKind.AppEngineApplication => AppEngineApplication.Parse(fields),
        ResourceKind.AppEngineService => AppEngineService.Parse(fields),
        ResourceKind.AppEngineVersion => AppEngineVersion.Parse(fields),
        ResourceKind.Firewall => Firewall.Parse(fields),
        ResourceKind.FirewallPolicy => FirewallPolicy.Parse(fields),
        ResourceKind.Route => Route.Parse(fields),
        ResourceKind.Router => Router.Parse(fields),
        ResourceKind.Address => Address.Parse(fields),
        ResourceKind.Instance => Instance.Parse(fields),
        ResourceKind.ForwardingRule => ForwardingRule.Parse(fields),
        ResourceKind.BackendService => BackendService.Parse(fields),
        ResourceKind.InstanceGroup => InstanceGroup.Parse(fields),
        ResourceKind.NetworkEndpointGroup => NetworkEndpointGroup.Parse(fields),
        ResourceKind.HealthCheck => HealthCheck.Parse(fields),
        ResourceKind.TargetProxy => TargetProxy.Parse(fields),
        ResourceKind.UrlMap => UrlMap.Parse(fields),
        ResourceKind.TargetInstance => TargetInstance.Parse(fields),
        ResourceKind.VpnTunnel => VpnTunnel.Parse(fields),
        ResourceKind.InterconnectAttachment => InterconnectAttachment.Parse(fields),
        ResourceKind.PolicyBasedRoute => PolicyBasedRoute.Parse(fields),
        ResourceKind.ServiceAttachment => ServiceAttachment.Parse(fields),
        ResourceKind.ManagedZone => ManagedZone.Parse(fields),
        ResourceKind.ResponsePolicy => ResponsePolicy.Parse(fields),
        ResourceKind.DnsPolicy => DnsPolicy.Parse(fields),
        ResourceKind.SqlInstance => SqlInstance.Parse(fields),
        ResourceKind.RedisInstance => RedisInstance.Parse(fields),
        ResourceKind.RedisCluster => RedisCluster.Parse(fields),
        ResourceKind.MemcacheInstance => MemcacheInstance.Parse(fields),
        ResourceKind.MemorystoreInstance => MemorystoreInstance.Parse(fields),
        ResourceKind.AlloyDbCluster => AlloyDbCluster.Parse(fields),
        ResourceKind.AlloyDbInstance => AlloyDbInstance.Parse(fields),
        ResourceKind.FilestoreInstance => FilestoreInstance.Parse(fields),
        ResourceKind.GkeCluster => GkeCluster.Parse(fields),
        _ => null,
    };
}

/// <summary>
/// What parsing one resource gave. <see cref="Resource"/> is null when the kind is not modelled (then <see cref="Problem"/> is null too) or when
/// the JSON was not understood.
/// </summary>
/// <param name="CanonicalJson">Trimmed JSON of the modelled fields, when asked for.</param>
/// <param name="Problem">Why it was not understood: field, what was found, what was expected.</param>
/// <param name="UnmappedProjectNumbers">Project numbers in names that no map turned into ids.</param>
public sealed record ParsedResource(
    ResourceName Name, Resource? Resource, byte[]? CanonicalJson, string? Problem, IReadOnlyCollection<string> UnmappedProjectNumbers);
