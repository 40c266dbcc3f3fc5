using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Auditor.Model;

namespace Auditor.Tests.Model;

/// <summary>What environment variables say a workload calls, and that nothing else of them is kept.</summary>
public sealed class EndpointTests
{
    [Theory]
    [InlineData("postgres://app:s3cret@10.5.0.3:5433/shop?sslmode=require", "10.5.0.3:5433")]
    [InlineData("postgresql+asyncpg://app:s3cret@10.5.0.3/shop", "10.5.0.3:5432")]
    [InlineData("rediss://:s3cret@cache.internal.example", "cache.internal.example:6378")]
    [InlineData("mongodb://u:s3cret@10.5.0.3:27017,10.5.0.4:27017/db", "10.5.0.3:27017 10.5.0.4:27017")]
    [InlineData("jdbc:mysql://10.5.0.3/shop", "10.5.0.3:3306")]
    [InlineData("10.5.0.3:6379", "10.5.0.3:6379")]
    [InlineData("10.5.0.3:9092, 10.5.0.4:9092", "10.5.0.3:9092 10.5.0.4:9092")]
    [InlineData("Host=10.5.0.3;Port=5432;Username=app;Password=s3cret", "10.5.0.3:5432")]
    [InlineData("host=10.5.0.3 port=5432 password=s3cret", "10.5.0.3:5432")]
    [InlineData("Server=tcp:10.5.0.3,1433;Password=s3cret", "10.5.0.3:1433")]
    [InlineData("shop-prod:europe-west1:orders", "shop-prod:europe-west1:orders")]
    [InlineData("https://api.example.com/v1?key=s3cret", "api.example.com:443")]
    [InlineData("203.0.113.7:443", "")]
    [InlineData("8.8.8.8:53", "")]
    [InlineData("10.5.0.3:0", "")]
    [InlineData("10.5.0.3:70000", "")]
    [InlineData("10:30", "")]
    [InlineData("a:b:c", "")]
    [InlineData("s3cret", "")]
    [InlineData("", "")]
    public void AValue_SaysWhatIsCalled(string value, string expected) => Assert.Equal(expected, string.Join(' ', Of(("TARGET", value)).Endpoints));

    [Fact]
    public void HostAndPort_InTwoVariables_AreOne() => Assert.Equal("10.5.0.3:5432", Assert.Single(Of(("DB_HOST", "10.5.0.3"), ("DB_PORT", "5432"), ("CACHE_PORT", "6379")).Endpoints).ToString());

    [Fact]
    public void NothingElseOfAValueIsKept()
    {
        var json = Encoding.UTF8.GetString(Parse(("DATABASE_URL", "postgres://app:s3cret@10.5.0.3:5432/shop"), ("TOKEN", "s3cret")).CanonicalJson!);
        Assert.Contains("10.5.0.3:5432", json, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", json, StringComparison.Ordinal);
        Assert.DoesNotContain("DATABASE_URL", json, StringComparison.Ordinal);
        Assert.DoesNotContain("app", json, StringComparison.Ordinal);
    }

    [Fact]
    public void SwitchedOff_NothingIsRead_NorWhatWasKeptBefore()
    {
        foreach (var json in (string[])["""{"template":{"containers":[{"env":[{"name":"DB","value":"10.5.0.3:5432"}]}]}}""", """{"auditorEndpoints":["10.5.0.3:5432"]}"""])
        {
            Assert.Single(((RunService)ResourceParser.Parse(s_name, JsonElement.Parse(json), ImmutableDictionary<string, string>.Empty).Resource!).Endpoints);
            var off = ResourceParser.Parse(s_name, JsonElement.Parse(json), ImmutableDictionary<string, string>.Empty, keepJson: true, readVariables: false);
            Assert.Empty(((RunService)off.Resource!).Endpoints);
            Assert.DoesNotContain("10.5.0.3", Encoding.UTF8.GetString(off.CanonicalJson!), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void VariablesInNoKnownShape_LeaveTheWorkloadUnderstood()
    {
        var parsed = ResourceParser.Parse(s_name, JsonElement.Parse("""{"template":{"containers":[{"env":"none"}]}}"""), ImmutableDictionary<string, string>.Empty);
        Assert.Null(parsed.Problem);
        Assert.Empty(((RunService)parsed.Resource!).Endpoints);
    }

    private static readonly ResourceName s_name = ResourceName.Of(ResourceKind.RunService, "p1", "europe-west1", "shop");

    private static RunService Of(params (string Name, string Value)[] variables) => (RunService)Parse(variables).Resource!;

    private static ParsedResource Parse(params (string Name, string Value)[] variables)
    {
        var env = new JsonArray([.. variables.Select(variable => new JsonObject { ["name"] = variable.Name, ["value"] = variable.Value })]);
        var json = new JsonObject { ["template"] = new JsonObject { ["containers"] = new JsonArray(new JsonObject { ["env"] = env }) } };
        return ResourceParser.Parse(s_name, JsonElement.Parse(json.ToJsonString()), ImmutableDictionary<string, string>.Empty, keepJson: true);
    }
}
