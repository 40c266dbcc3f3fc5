using System.Text;
using System.Text.Json;
using Auditor.Alerts;
using Auditor.Changes;
using Auditor.Ledger;
using static Auditor.Tests.Adapters.Ledgers.Commits;

namespace Auditor.Tests.Ledger;

public sealed class LedgerJsonTests
{
    private static readonly Lease s_lease = new("test", 3, Noon);

    [Fact]
    public void Commit_ComesBackByteForByte()
    {
        var commit = Full(Head.None, s_lease);
        var again = JsonSerializer.Deserialize<Commit>(commit.ToBytes(), LedgerJson.Options)!;
        Assert.Equal(Encoding.UTF8.GetString(commit.ToBytes()), Encoding.UTF8.GetString(again.ToBytes()));
        Assert.Equal(commit.Hash, again.Hash);

        // All but the JSON of resources, which compares by reference, is equal by value.
        Assert.Equal(commit with { Resources = [] }, again with { Resources = [] });
    }

    [Fact]
    public void Commit_WithNothingInIt_ComesBackEqual()
    {
        var commit = After(Head.None, s_lease);
        Assert.Equal(commit, JsonSerializer.Deserialize<Commit>(commit.ToBytes(), LedgerJson.Options));
    }

    [Fact]
    public void Trigger_KeepsItsKind()
    {
        foreach (var trigger in new Trigger[] { new Trigger.ReadNow(), new Trigger.AwaitLast(TimeSpan.FromMinutes(10)), new Trigger.RecordOnly("refused", true) })
        {
            var entry = Entry("k", Noon);
            entry = entry with { Change = entry.Change with { Trigger = trigger } };
            Assert.Equal(entry, JsonSerializer.Deserialize<InboxEntry>(JsonSerializer.Serialize(entry, LedgerJson.Options), LedgerJson.Options));
        }
    }

    [Fact]
    public void OutboxItem_ComesBackEqual() =>
        Assert.Equal(Owed("a") with { Tries = 2 }, JsonSerializer.Deserialize<OutboxItem>(JsonSerializer.Serialize(Owed("a") with { Tries = 2 }, LedgerJson.Options), LedgerJson.Options));
}
