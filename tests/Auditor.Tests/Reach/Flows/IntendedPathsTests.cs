using Auditor.Model;
using Auditor.Reach.Flows;
using Auditor.Tests.Reach.Paths;

namespace Auditor.Tests.Reach.Flows;

/// <summary>Which connections a workload is configured to make, and what becomes of them.</summary>
public sealed class IntendedPathsTests
{
    private const string Through = "\"connector\":\"projects/shop/locations/europe-west1/connectors/conn\"";
    private const string Vm = "\"status\":\"RUNNING\"";

    [Fact]
    public void ANameOfAPrivateZone_IsTheAddressItHas()
    {
        var here = new PathCase().Subnetwork("apps", "10.1.0.0/16").Machine("db", "10.1.0.5", Vm).Zone("corp", "corp.example.", "db.corp.example. A 10.1.0.5", "shop.corp.example. A 93.184.216.34").Caller("postgres://db.corp.example:5432/shop", Through);
        Assert.Equal(["db.corp.example:5432 Reachable"], Ask(here));
        Assert.Equal(["db.corp.example:5432 Blocked"], Ask(here.Rule("deny", """ "priority":900,"sourceRanges":["10.8.0.0/28"],"denied":[{"IPProtocol":"tcp"}] """)));
        Assert.Empty(Ask(here.Caller("postgres://shop.corp.example:5432/shop", Through)));
        Assert.Empty(Ask(here.Caller("https://elsewhere.example:443/", Through)));
    }

    [Fact]
    public void AConnectionName_IsTheInstancesPrivateAddress_WhereItHasNoOther()
    {
        Assert.Equal(["shop:europe-west1:orders Reachable"], Ask(new PathCase().Sql().Caller("shop:europe-west1:orders", Through)));
        Assert.Equal(["shop:europe-west1:orders Blocked"], Ask(new PathCase().Sql(peering: "INACTIVE").Caller("shop:europe-west1:orders", Through)));
        Assert.Empty(Ask(new PathCase().Sql(ip: "\"ipv4Enabled\":true").Caller("shop:europe-west1:orders", Through)));
        Assert.Empty(Ask(new PathCase().Sql().Caller("shop:europe-west1:other", Through)));
        var mounted = new PathCase().Sql().With($$"""
            {"name":"projects/shop/locations/europe-west1/services/shop","template":{"vpcAccess":{ {{Through}} },"volumes":[{"name":"cloudsql","cloudSqlInstance":{"instances":["shop:europe-west1:orders"] } }] } }
            """);
        Assert.Equal(["shop:europe-west1:orders Reachable"], Ask(mounted));
    }

    private static List<string> Ask(PathCase here)
    {
        var view = new EstateView(here.Estate, DateTimeOffset.UnixEpoch);
        return [.. IntendedPaths.Of(Assert.Single(view.OfKind<RunService>(ResourceKind.RunService).Items), view).Select(flow => $"{flow.Target.ShortName} {flow.Answer.Disposition}")];
    }
}
