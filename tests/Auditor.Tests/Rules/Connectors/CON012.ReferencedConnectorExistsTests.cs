using Auditor.Findings;
using Auditor.Model;
using Auditor.Rules.Connectors;
using static Auditor.Tests.Rules.Scene;

namespace Auditor.Tests.Rules.Connectors;

public sealed class ReferencedConnectorExistsTests : RuleTest<ReferencedConnectorExists>
{
    private const string Because = "it names connector conn of project p1 in europe-west1, which does not exist";

    private static readonly ResourceName s_old = ResourceName.Of(ResourceKind.RunRevision, "p1", "europe-west1", "shop", "shop-00001");

    [Fact]
    public void Passes_WhenItExists() => Passes(TheService, TheConnector);

    [Fact]
    public void Passes_ForARevisionThatGetsNothing() => Passes(
        TheService with { Traffic = [new TrafficTarget(s_old, false, 0, null), new TrafficTarget(null, true, 100, null)] },
        TheConnector,
        new RunRevision(s_old) { VpcAccess = new VpcAccess { Connector = ResourceName.Of(ResourceKind.Connector, "p1", "europe-west1", "gone") } });

    [Fact]
    public void Fails_WhenItWasDeleted() => Assert.Equal(Because, Fails(TheService));

    [Fact]
    public void Fails_ForEveryKindOfWorkload()
    {
        Assert.Equal(Because, Fails(new RunJob(ResourceName.Of(ResourceKind.RunJob, "p1", "europe-west1", "j")) { VpcAccess = TheService.VpcAccess }));
        Assert.Equal(Because, Fails(new RunWorkerPool(ResourceName.Of(ResourceKind.RunWorkerPool, "p1", "europe-west1", "w")) { VpcAccess = TheService.VpcAccess }));
        Assert.Equal(Because, Fails(new Auditor.Model.Function(ResourceName.Of(ResourceKind.Function, "p1", "europe-west1", "f")) { VpcAccess = TheService.VpcAccess }));
        Assert.Equal(Because, Fails(new AppEngineVersion(ResourceName.Of(ResourceKind.AppEngineVersion, "p1", "default", "v1")) { VpcAccess = TheService.VpcAccess }));
    }

    [Fact]
    public void Fails_ForAnOldRevisionThatStillServes()
    {
        var verdicts = Verdicts(
            TheService with { Traffic = [new TrafficTarget(s_old, false, 30, null), new TrafficTarget(null, true, 70, null)] },
            TheConnector,
            new RunRevision(s_old) { VpcAccess = new VpcAccess { Connector = ResourceName.Of(ResourceKind.Connector, "p1", "europe-west1", "gone") } });
        var failed = Assert.Single(verdicts.OfType<Verdict.Failed>());
        Assert.Equal(("shop-00001", "its serving revision names connector gone of project p1 in europe-west1, which does not exist"), (failed.Discriminator, failed.Because));
    }

    [Fact]
    public void Fails_OnceForAFunctionAndTheServiceUnderIt()
    {
        var function = new Auditor.Model.Function(ResourceName.Of(ResourceKind.Function, "p1", "europe-west1", "shop")) { VpcAccess = TheService.VpcAccess, RunService = ServiceName };
        Assert.Equal(Because, Fails(function, TheService));
        Assert.Equal("function shop stands for it", DoesNotApply(TheService, function));
    }

    [Fact]
    public void Unknown_WhenTheConnectorsProjectWasNotRead() => Assert.Equal(
        "connector c of project host in europe-west1 was not read: project host was not read",
        Unknown(TheService with { VpcAccess = new VpcAccess { Connector = ResourceName.Of(ResourceKind.Connector, "host", "europe-west1", "c") } }));

    [Fact]
    public void Unknown_WhenConnectorsMayNotBeListed() => Assert.Equal(
        "connector conn of project p1 in europe-west1 was not read: permission vpcaccess.connectors.list is missing",
        Unknown(new Gap(new GapScope(ResourceKind.Connector, "p1"), "permission vpcaccess.connectors.list is missing"), TheService));

    [Fact]
    public void DoesNotApply_WithoutAConnector() => Assert.Equal("the workload names no connector", DoesNotApply(TheService with { VpcAccess = null }));

    [Fact]
    public void DoesNotApply_ToAStoppedVersion() => Assert.Equal(
        "the App Engine version is stopped",
        DoesNotApply(new AppEngineVersion(ResourceName.Of(ResourceKind.AppEngineVersion, "p1", "default", "v1")) { VpcAccess = TheService.VpcAccess, ServingStatus = AppEngineServingStatus.Stopped }));
}
