using System.Text.Json.Nodes;
using Auditor.Tests.Oracles.Firewall;

namespace Auditor.Tests.Oracles.Paths;

/// <summary>One good estate, written by hand, in which one thing is changed.</summary>
internal sealed class PathCase
{
    private const string Compute = "https://www.googleapis.com/compute/v1/projects/";

    private const string Good = """
        {
          "projects": [{"name":"projects/1001","projectId":"p1","parent":"organizations/9"},{"name":"projects/1002","projectId":"p2","parent":"organizations/9"}],
          "networks": [
            {"name":"net","selfLink":"@p1/global/networks/net","peerings":[
              {"name":"to-b","network":"@p2/global/networks/net-b","state":"ACTIVE"},
              {"name":"servicenetworking-googleapis-com","network":"@tenant/global/networks/servicenetworking","state":"ACTIVE"}]},
            {"name":"net-b","selfLink":"@p2/global/networks/net-b","peerings":[{"name":"to-net","network":"projects/1001/global/networks/net","state":"ACTIVE"},{"name":"to-c","network":"@p2/global/networks/net-c","state":"ACTIVE"}]},
            {"name":"net-c","selfLink":"@p2/global/networks/net-c","peerings":[{"name":"to-b","network":"@p2/global/networks/net-b","state":"ACTIVE"}]}],
          "subnetworks": [
            {"name":"run-sub","selfLink":"@p1/regions/us-central1/subnetworks/run-sub","network":"@p1/global/networks/net","ipCidrRange":"10.0.0.0/26","privateIpGoogleAccess":true},
            {"name":"conn-sub","selfLink":"@p1/regions/us-central1/subnetworks/conn-sub","network":"@p1/global/networks/net","ipCidrRange":"10.8.0.0/28","privateIpGoogleAccess":true},
            {"name":"db-sub","selfLink":"@p1/regions/us-central1/subnetworks/db-sub","network":"@p1/global/networks/net","ipCidrRange":"10.0.1.0/24","secondaryIpRanges":[{"rangeName":"pods","ipCidrRange":"10.64.0.0/24"}]},
            {"name":"hyb-sub","selfLink":"@p1/regions/us-central1/subnetworks/hyb-sub","network":"@p1/global/networks/net","ipCidrRange":"10.2.0.0/24","allowSubnetCidrRoutesOverlap":true},
            {"name":"proxies","selfLink":"@p1/regions/us-central1/subnetworks/proxies","network":"@p1/global/networks/net","ipCidrRange":"10.3.0.0/26","purpose":"REGIONAL_MANAGED_PROXY","role":"ACTIVE"},
            {"name":"b-sub","selfLink":"@p2/regions/us-central1/subnetworks/b-sub","network":"@p2/global/networks/net-b","ipCidrRange":"10.16.0.0/24"},
            {"name":"b-pub","selfLink":"@p2/regions/us-central1/subnetworks/b-pub","network":"@p2/global/networks/net-b","ipCidrRange":"34.16.0.0/24"},
            {"name":"c-sub","selfLink":"@p2/regions/us-central1/subnetworks/c-sub","network":"@p2/global/networks/net-c","ipCidrRange":"10.32.0.0/24"}],
          "connectors": [
            {"name":"projects/p1/locations/us-central1/connectors/conn-a","subnet":{"name":"conn-sub"},"state":"READY"},
            {"name":"projects/p1/locations/europe-west1/connectors/conn-eu","network":"net","ipCidrRange":"10.9.0.0/28","state":"READY"}],
          "jobs": [
            {"name":"projects/p1/locations/us-central1/jobs/through","template":{"template":{"vpcAccess":{"connector":"conn-a","egress":"ALL_TRAFFIC"}}}},
            {"name":"projects/p1/locations/us-central1/jobs/private","template":{"template":{"vpcAccess":{"connector":"projects/p1/locations/us-central1/connectors/conn-a"}}}},
            {"name":"projects/p1/locations/us-central1/jobs/direct","template":{"template":{"vpcAccess":{"networkInterfaces":[{"network":"net","subnetwork":"run-sub","tags":["run"]}],"egress":"ALL_TRAFFIC"}}}},
            {"name":"projects/p1/locations/us-central1/jobs/bare","template":{"template":{}}}],
          "firewalls": [{"name":"internal","selfLink":"@p1/global/firewalls/internal","network":"@p1/global/networks/net","priority":65534,"sourceRanges":["10.0.0.0/8","100.64.0.0/10","34.1.0.0/16"],"allowed":[{"IPProtocol":"all"}]},
            {"name":"internal-b","selfLink":"@p2/global/firewalls/internal-b","network":"@p2/global/networks/net-b","sourceRanges":["0.0.0.0/0"],"allowed":[{"IPProtocol":"all"}]}],
          "routes": [{"name":"default","selfLink":"@p1/global/routes/default","network":"@p1/global/networks/net","destRange":"0.0.0.0/0","priority":1000,"nextHopGateway":"@p1/global/gateways/default-internet-gateway"}],
          "routers": [{"name":"router-us","selfLink":"@p1/regions/us-central1/routers/router-us","network":"@p1/global/networks/net","nats":[{"name":"nat-us","natIpAllocateOption":"AUTO_ONLY","sourceSubnetworkIpRangesToNat":"ALL_SUBNETWORKS_ALL_IP_RANGES"}]}],
          "addresses": [],
          "instances": [
            {"name":"vm-1","selfLink":"@p1/zones/us-central1-a/instances/vm-1","status":"RUNNING","tags":{"items":["db"]},"networkInterfaces":[{"network":"@p1/global/networks/net","networkIP":"10.0.1.5","aliasIpRanges":[{"ipCidrRange":"10.64.0.0/28"}]}]},
            {"name":"vm-2","selfLink":"@p1/zones/us-central1-a/instances/vm-2","status":"RUNNING","canIpForward":true,"networkInterfaces":[{"network":"@p1/global/networks/net","networkIP":"10.0.1.6"}]},
            {"name":"vm-b","selfLink":"@p2/zones/us-central1-a/instances/vm-b","status":"RUNNING","networkInterfaces":[{"network":"@p2/global/networks/net-b","networkIP":"10.16.0.5"}]},
            {"name":"vm-pub","selfLink":"@p2/zones/us-central1-a/instances/vm-pub","status":"RUNNING","networkInterfaces":[{"network":"@p2/global/networks/net-b","networkIP":"34.16.0.5"}]},
            {"name":"vm-c","selfLink":"@p2/zones/us-central1-a/instances/vm-c","status":"RUNNING","networkInterfaces":[{"network":"@p2/global/networks/net-c","networkIP":"10.32.0.5"}]}],
          "forwardingRules": [
            {"name":"ilb","selfLink":"@p1/regions/us-central1/forwardingRules/ilb","network":"@p1/global/networks/net","IPAddress":"10.0.1.20","loadBalancingScheme":"INTERNAL","IPProtocol":"TCP","ports":["5432"],"backendService":"@p1/regions/us-central1/backendServices/bs"},
            {"name":"proxy","selfLink":"@p1/regions/us-central1/forwardingRules/proxy","network":"@p1/global/networks/net","IPAddress":"10.0.1.21","loadBalancingScheme":"INTERNAL_MANAGED","IPProtocol":"TCP","portRange":"5432-5432","target":"@p1/regions/us-central1/targetTcpProxies/tcp"},
            {"name":"psc","selfLink":"@p1/regions/us-central1/forwardingRules/psc","network":"@p1/global/networks/net","IPAddress":"10.0.1.30","pscConnectionStatus":"ACCEPTED","target":"@tenant/regions/us-central1/serviceAttachments/sql"}],
          "backendServices": [
            {"name":"bs","selfLink":"@p1/regions/us-central1/backendServices/bs","backends":[{"group":"@p1/zones/us-central1-a/instanceGroups/ig"}]},
            {"name":"bs-proxy","selfLink":"@p1/regions/us-central1/backendServices/bs-proxy","backends":[{"group":"@p1/zones/us-central1-a/networkEndpointGroups/neg"}]}],
          "targetTcpProxies": [{"name":"tcp","selfLink":"@p1/regions/us-central1/targetTcpProxies/tcp","service":"@p1/regions/us-central1/backendServices/bs-proxy"}],
          "instanceGroups": [{"name":"ig","selfLink":"@p1/zones/us-central1-a/instanceGroups/ig","members":[{"instance":"@p1/zones/us-central1-a/instances/vm-1"},{"instance":"@p1/zones/us-central1-a/instances/vm-2"}]}],
          "networkEndpointGroups": [{"name":"neg","selfLink":"@p1/zones/us-central1-a/networkEndpointGroups/neg","networkEndpointType":"GCE_VM_IP_PORT","endpoints":[{"networkEndpoint":{"instance":"vm-1","ipAddress":"10.0.1.5","port":8080}}]}],
          "sqlInstances": [{"name":"sql","project":"p1","databaseVersion":"POSTGRES_16","state":"RUNNABLE","pscServiceAttachmentLink":"projects/tenant/regions/us-central1/serviceAttachments/sql","ipAddresses":[{"ipAddress":"10.50.0.5","type":"PRIVATE"}],"settings":{"activationPolicy":"ALWAYS","ipConfiguration":{"privateNetwork":"projects/p1/global/networks/net"}}}],
          "redisInstances": [{"name":"projects/p1/locations/us-central1/instances/redis","state":"READY","connectMode":"PRIVATE_SERVICE_ACCESS","host":"10.50.0.20","port":6379,"readEndpoint":"10.50.0.21","readEndpointPort":6380,"authorizedNetwork":"projects/p1/global/networks/net"}]
        }
        """;

    public const string Sql = "//cloudsql.googleapis.com/projects/p1/instances/sql";

    private readonly JsonNode _estate = JsonNode.Parse(Resolve(Good))!;

    public JsonNode Json => _estate;

    /// <summary>Lays fields over those of a resource: {"state":"ERROR"}; null takes a field away.</summary>
    public PathCase With(string list, string name, string fields)
    {
        var item = RawJson.List(_estate, list).Find(item => RawJson.Text(item, "name")!.EndsWith(name, StringComparison.Ordinal))!.AsObject();
        foreach (var (key, value) in JsonNode.Parse(Resolve(fields))!.AsObject())
        {
            item[key] = value?.DeepClone();
            if (value is null)
            {
                item.Remove(key);
            }
        }

        return this;
    }

    /// <summary>The same for the peering of a network.</summary>
    public PathCase WithPeering(string network, string name, string fields)
    {
        var peering = RawJson.List(RawJson.List(_estate, "networks").Find(item => RawJson.Text(item, "name") == network), "peerings").Find(item => RawJson.Text(item, "name") == name)!.AsObject();
        foreach (var (key, value) in JsonNode.Parse(fields)!.AsObject())
        {
            peering[key] = value?.DeepClone();
        }

        return this;
    }

    public PathCase Add(string list, string item)
    {
        _estate[list] ??= new JsonArray();
        _estate[list]!.AsArray().Add(JsonNode.Parse(Resolve(item)));
        return this;
    }

    public PathCase Without(string list, string name)
    {
        var items = _estate[list]!.AsArray();
        items.Remove(RawJson.List(_estate, list).Find(item => RawJson.Text(item, "name")!.EndsWith(name, StringComparison.Ordinal)));
        return this;
    }

    /// <summary>A project of which nothing was read.</summary>
    public PathCase NotRead(string project)
    {
        foreach (var items in _estate.AsObject().Select(list => list.Value!.AsArray()).ToList())
        {
            items.RemoveAll(item => (RawJson.Text(item, "selfLink") ?? RawJson.Text(item, "name"))!.Contains($"projects/{project}/", StringComparison.Ordinal) || RawJson.Text(item, "projectId") == project);
        }

        _estate["notRead"] = new JsonArray(project);
        return this;
    }

    public PathCase AddRoute(string name, string range, string fields, string network = "p1/global/networks/net") =>
        Add("routes", $$"""{"name":"{{name}}","selfLink":"@{{network.Split('/')[0]}}/global/routes/{{name}}","network":"@{{network}}","destRange":"{{range}}",{{fields}}}""");

    public PathCase AddRule(string name, string fields) => Add("firewalls", $$"""{"name":"{{name}}","selfLink":"@p1/global/firewalls/{{name}}","network":"@p1/global/networks/net",{{fields}}}""");

    /// <summary>"Reachable target" or "Blocked attachment VPC_CONNECTOR_NOT_FOUND conn-a".</summary>
    public string Ask(string job, string? source, string destination, int port = 5432, int protocol = 6, string? target = null, bool googleApis = false)
    {
        var answer = new NaivePaths(_estate).Answer(new PathPacket(
            $"//run.googleapis.com/projects/p1/locations/us-central1/jobs/{job}", source is null ? null : Ranges.Ip(source), Ranges.Ip(destination), (byte)protocol, (ushort)port, target, googleApis));
        return string.Join(' ', new[] { $"{answer.Effect}", answer.Stage, answer.Reason, answer.DecidedBy }.OfType<string>());
    }

    /// <summary>From the connector of all traffic.</summary>
    public string Through(string destination, int port = 5432, int protocol = 6, string? target = null) => Ask("through", "10.8.0.5", destination, port, protocol, target);

    private static string Resolve(string json) => json.Replace("\"@", "\"" + Compute, StringComparison.Ordinal);
}
