using System.Text.Json;
using Auditor.Changes;
using Auditor.Ledger;
using Auditor.Model;
using static Auditor.Tests.Rules.Scene;

namespace Auditor.Tests.Ledger;

public sealed class ReconcilerTests
{
    private const string Ready = """{"name":"projects/p1/locations/europe-west1/connectors/conn","network":"vpc","ipCidrRange":"10.8.0.0/28","state":"READY","minInstances":2,"maxInstances":4,"etag":"x"}""";

    private static readonly DateTimeOffset s_first = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset s_later = s_first.AddHours(1);

    [Fact]
    public void Apply_KeepsWhatIsNew_Trimmed()
    {
        var reconciled = Read(Estate.Empty, Present(Ready, s_first));
        Assert.Equal(TheConnector, reconciled.Next.Find(ConnectorName)!.Resource);
        var version = Assert.Single(reconciled.Versions);
        Assert.Equal("""{"ipCidrRange":"10.8.0.0/28","maxInstances":4,"minInstances":2,"network":"vpc","state":"READY"}""", version.Json!.Value.GetRawText());
        Assert.Equal([ConnectorName], reconciled.Changed);
    }

    [Fact]
    public void Apply_SaysNothing_WhenNothingModelledChanged()
    {
        var known = Read(Estate.Empty, Present(Ready, s_first)).Next;
        var again = Read(known, Present(Ready.Replace("\"etag\":\"x\"", "\"etag\":\"y\"", StringComparison.Ordinal), s_later));
        Assert.Empty(again.Versions);
        Assert.Empty(again.Changed);
        Assert.Equal(s_later, again.Next.Find(ConnectorName)!.ReadAt);
    }

    [Fact]
    public void Apply_DatesALifecycleByTheChangeBehindIt_AndKeepsTheDate()
    {
        var change = new Change
        {
            EventKey = "k",
            DedupKey = "k",
            OccurredAt = s_first.AddMinutes(-3),
            ServiceName = "vpcaccess.googleapis.com",
            MethodName = "google.cloud.vpcaccess.v1.VpcAccessService.CreateConnector",
            Resources = [ConnectorName],
            Trigger = new Trigger.ReadNow(),
            Verb = ChangeVerb.Created,
        };
        var creating = Ready.Replace("READY", "CREATING", StringComparison.Ordinal);
        var first = Reconciler.Apply(Estate.Empty, [Present(creating, s_first)], [change]).Next;
        Assert.Equal(s_first.AddMinutes(-3), first.Find(ConnectorName)!.LifecycleSince);
        Assert.Equal(s_first.AddMinutes(-3), Read(first, Present(creating, s_later)).Next.Find(ConnectorName)!.LifecycleSince);
        Assert.Equal(s_later, Read(first, Present(Ready, s_later)).Next.Find(ConnectorName)!.LifecycleSince);
    }

    [Fact]
    public void Apply_AFailedRead_IsAGap_AndTheNextGoodReadEndsIt()
    {
        var known = Read(Estate.Empty, Present(Ready, s_first)).Next;
        var failed = Read(known, new ResourceState.Unreadable(ConnectorName, s_later, "permission vpcaccess.connectors.get is missing"));
        Assert.Equal("permission vpcaccess.connectors.get is missing", failed.Next.WhyHidden(ConnectorName));
        Assert.Empty(failed.Versions);
        Assert.Equal([ConnectorName], failed.Changed);

        var healed = Read(failed.Next, Present(Ready, s_later));
        Assert.Null(healed.Next.WhyHidden(ConnectorName));
        Assert.Equal([ConnectorName], healed.Changed);
    }

    [Fact]
    public void Apply_WhatIsNotUnderstood_IsAGapWithTheReason()
    {
        var reconciled = Read(Estate.Empty, Present(Ready.Replace("10.8.0.0/28", "ten", StringComparison.Ordinal), s_first));
        Assert.Equal("not understood: ipCidrRange is \"ten\"; an address or CIDR block was expected", reconciled.Next.WhyHidden(ConnectorName));
    }

    [Fact]
    public void Apply_ASweep_ProvesAbsence_ButNotWhereAListingFailed()
    {
        var known = Read(Estate.Empty, Present(Ready, s_first)).Next;
        var seen = Reconciler.Apply(known, new Picture([], ["p1"], []), s_later);
        Assert.Null(seen.Next.Find(ConnectorName)!.Resource);
        Assert.True(seen.CoverageChanged);

        var hidden = Reconciler.Apply(known, new Picture([], ["p1"], [new Gap(new GapScope(ResourceKind.Connector, "p1"), "permission vpcaccess.connectors.list is missing")]), s_later);
        Assert.NotNull(hidden.Next.Find(ConnectorName)!.Resource);
    }

    private static Reconciled Read(Estate estate, params ResourceState[] states) => Reconciler.Apply(estate, states, []);

    private static ResourceState.Present Present(string json, DateTimeOffset readAt) => new(ConnectorName, readAt, JsonElement.Parse(json));
}
