using Auditor.Adapters.Channels;
using Auditor.Alerts;
using Auditor.Findings;
using static Auditor.Tests.Adapters.Channels.SampleAlert;

namespace Auditor.Tests.Adapters.Channels;

public sealed class ConsoleChannelTests
{
    [Fact]
    public async Task Send_TellsWhatWhyHowToRepairAndWhoDidIt() => Assert.Equal(
        """
        HIGH  CON012 Cloud Run service shop: it names connector conn, which does not
          exist
          CON012 Referenced connector exists (high, open)
            on //run.googleapis.com/projects/p1/locations/europe-west1/services/shop
              (rev-1)
            fix: Create the connector, or name another.
              gcloud run services update SERVICE --vpc-connector=CONNECTOR
          cause: ops@example.com, DeleteConnector, 2026-11-01T12:00:00Z, from
            203.0.113.9

        """,
        await SendAsync(Problem, width: 76));

    [Fact]
    public async Task Send_OfSeveralItems_EachSaysWhy()
    {
        var text = await SendAsync(Problem with { Items = [Item, Item with { RuleId = "CON001", Because = "the connector is in state ERROR", Remediation = "" }] });
        Assert.Contains("    because it names connector conn, which does not exist\n    fix: Create the connector", text, StringComparison.Ordinal);
        Assert.Contains("    because the connector is in state ERROR\n  cause: ", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_ARecovery_SaysWhyItIsOver()
    {
        var text = await SendAsync(Problem with { Kind = AlertKind.Recovery, Items = [Item with { Kind = TransitionKind.Resolved, Reason = ResolveReason.ResourceDeleted }], Cause = Cause.Of(CauseKind.Sweep) });
        Assert.StartsWith("RESOLVED  CON012", text, StringComparison.Ordinal);
        Assert.Contains("(resolved: the resource is gone)", text, StringComparison.Ordinal);
        Assert.Contains("until then: it names connector conn", text, StringComparison.Ordinal);
        Assert.DoesNotContain("fix:", text, StringComparison.Ordinal);
        Assert.EndsWith("  cause: found by a read that no event announced\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_ADigest_Counts()
    {
        var digest = Problem with { Kind = AlertKind.Baseline, Title = "first sweep: 3 findings are open", Items = [], Counts = [new SeverityCount(Severity.High, 1), new SeverityCount(Severity.Low, 2)], Cause = Cause.Of(CauseKind.Baseline) };
        Assert.Equal("HIGH  first sweep: 3 findings are open\n  high: 1\n  low: 2\n  cause: found by the first sweep\n", await SendAsync(digest));
    }

    [Fact]
    public async Task Send_SeveralChanges_AreAllNamed()
    {
        var text = await SendAsync(Problem with { Cause = new Cause(CauseKind.Change, [Reference, Reference with { Principal = null, CallerIp = null }]) }, width: 500);
        Assert.EndsWith("  cause: one of ops@example.com, DeleteConnector, 2026-11-01T12:00:00Z, from 203.0.113.9; a caller whom Google does not name, DeleteConnector, 2026-11-01T12:00:00Z\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_NoControlCharacterReachesTheTerminal()
    {
        var text = await SendAsync(Problem with { Title = "a\e[2Jb\a", Cause = new Cause(CauseKind.Change, [Reference with { Principal = "x\e]0;y" }]) });
        Assert.DoesNotContain(text, c => char.IsControl(c) && c != '\n');
    }

    [Fact]
    public async Task Send_ColoursOnlyWhereTheyShow()
    {
        Assert.DoesNotContain('\e', await SendAsync(Problem));
        Assert.StartsWith("\e[1;31mHIGH\e[0m  CON012", await SendAsync(Problem, colours: true), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_AClosedConsole_IsNotSent()
    {
        var writer = new StreamWriter(new MemoryStream());
        await writer.DisposeAsync();
        await Assert.ThrowsAsync<AlertNotSentException>(() => new ConsoleChannel(writer).SendAsync(new OutboxItem(Problem, "console"), TestContext.Current.CancellationToken));
    }

    private static async Task<string> SendAsync(Alert alert, int width = 100, bool colours = false)
    {
        await using var writer = new StringWriter();
        await new ConsoleChannel(writer, width, colours).SendAsync(new OutboxItem(alert, "console"), TestContext.Current.CancellationToken);
        return writer.ToString();
    }
}
