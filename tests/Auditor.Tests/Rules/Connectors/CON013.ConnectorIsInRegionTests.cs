using Auditor.Model;
using Auditor.Rules.Connectors;
using static Auditor.Tests.Rules.Scene;

namespace Auditor.Tests.Rules.Connectors;

public sealed class ConnectorIsInRegionTests : RuleTest<ConnectorIsInRegion>
{
    private static readonly AppEngineVersion s_version = new(ResourceName.Of(ResourceKind.AppEngineVersion, "p1", "default", "v1")) { VpcAccess = TheService.VpcAccess };
    private static readonly AppEngineApplication s_application = new(ResourceName.Of(ResourceKind.AppEngineApplication, "p1")) { LocationId = "europe-west" };

    [Fact]
    public void Passes_InOneRegion() => Passes(TheService);

    [Fact]
    public void Passes_ForAppEnginesOldRegionNames() => Passes(s_version, s_application);

    [Fact]
    public void Fails_InAnother() => Assert.Equal(
        "it runs in us-central1 and its connector conn is in europe-west1",
        Fails(TheService with { Name = ResourceName.Of(ResourceKind.RunService, "p1", "us-central1", "shop") }, TheConnector));

    [Fact]
    public void Fails_ForAnAppEngineVersion() => Assert.Equal(
        "it runs in us-central1 and its connector conn is in europe-west1",
        Fails(s_version, s_application with { LocationId = "us-central" }));

    [Fact]
    public void Unknown_WhenTheApplicationWasNotRead() => Assert.Equal("the region of App Engine application p1 is not known", Unknown(s_version));

    [Fact]
    public void DoesNotApply_WithoutAConnector() => Assert.Equal("the workload names no connector", DoesNotApply(TheService with { VpcAccess = null }));
}
