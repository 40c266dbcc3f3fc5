using Auditor.Model;
using static Auditor.Tests.Rules.Scene;

namespace Auditor.Tests.Model;

public sealed class EstateViewTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Find_RecordsWhatWasThere()
    {
        var view = View(Estate.Empty.With([new EstateEntry(ConnectorName, TheConnector)], ["p1"]));
        Assert.Equal(new Lookup<Connector>.Found(TheConnector), view.Find<Connector>(ConnectorName));
        Assert.Equal([$"object {ConnectorName}"], Evidence.Describe(view.Evidence));
        Assert.Equal([new Reference(ResourceKind.Connector, ConnectorName)], view.Dependencies);
        Assert.Empty(view.Unread);
    }

    [Fact]
    public void Find_InAProjectReadInWhole_IsAbsent_AndAsksForAReadToMakeSure()
    {
        var view = View(Estate.Empty.With([], ["p1"]));
        Assert.IsType<Lookup<Connector>.Absent>(view.Find<Connector>(ConnectorName));
        Assert.Equal([$"absent {ConnectorName}"], Evidence.Describe(view.Evidence));
        Assert.Equal([ConnectorName], view.Unread);
    }

    [Fact]
    public void Find_AfterARead_IsAbsentForSure()
    {
        var view = View(Estate.Empty.With([new EstateEntry(ConnectorName, null, s_now)]));
        Assert.IsType<Lookup<Connector>.Absent>(view.Find<Connector>(ConnectorName));
        Assert.Empty(view.Unread);
    }

    [Theory]
    [InlineData("//vpcaccess.googleapis.com/projects/p1/locations/r/connectors/c", "project p1 was not read")]
    [InlineData("//vpcaccess.googleapis.com/projects/123/locations/r/connectors/c", "project number 123 belongs to no project that was read")]
    [InlineData("//compute.googleapis.com/locations/global/firewallPolicies/1", "the organisation was not read")]
    public void Find_OutsideWhatWasRead_IsUnread(string name, string reason) =>
        Assert.Equal(new Lookup<Resource>.Unread(reason), View(Estate.Empty).Find<Resource>(ResourceName.Parse(name)));

    [Fact]
    public void Find_AResourceWhoseLastReadFailed_IsUnread_ThoughItWasKnown()
    {
        var view = View(Estate.Empty.With([new EstateEntry(ConnectorName, TheConnector)], ["p1"], [new Gap(new GapScope(Resource: ConnectorName), "the API answered 503")]));
        Assert.Equal(new Lookup<Connector>.Unread("the API answered 503"), view.Find<Connector>(ConnectorName));
    }

    [Fact]
    public void Referrers_AreSortedAndSayWhenTheyAreShort()
    {
        var second = TheSubnetwork with { Name = ResourceName.Of(ResourceKind.Subnetwork, "p1", "europe-west1", "a") };
        var estate = Estate.Empty.With([new EstateEntry(SubnetworkName, TheSubnetwork), new EstateEntry(second.Name, second)], ["p1"]);
        var view = View(estate);
        var whole = view.Referrers<Subnetwork>(ResourceKind.Subnetwork, NetworkName);
        Assert.Equal([second, TheSubnetwork], whole.Items);
        Assert.Null(whole.Incomplete);
        Assert.Equal([$"list subnetwork of {NetworkName}: 2"], Evidence.Describe(view.Evidence));

        var partial = View(estate.With([], gaps: [new Gap(new GapScope(ResourceKind.Subnetwork, "p1", "asia-east1"), "region asia-east1 did not answer")]));
        Assert.Equal("region asia-east1 did not answer", partial.Referrers<Subnetwork>(ResourceKind.Subnetwork, NetworkName).Incomplete);
    }

    [Fact]
    public void Revisit_KeepsTheEarliest()
    {
        var view = View(Estate.Empty);
        view.Revisit(s_now.AddHours(2));
        view.Revisit(s_now.AddHours(1));
        view.Revisit(s_now.AddHours(3));
        Assert.Equal(s_now.AddHours(1), view.RevisitAt);
    }

    private static EstateView View(Estate estate) => new(estate, s_now);
}
