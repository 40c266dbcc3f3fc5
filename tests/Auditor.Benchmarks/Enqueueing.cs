using System.Text.Json.Nodes;
using Auditor.Adapters.Ledgers;
using Auditor.Benchmarks.Harness;
using Auditor.Ledger;
using Auditor.Model;
using Auditor.Simulator.Entries;

namespace Auditor.Benchmarks;

/// <summary>One event to the moment when it may be acknowledged: durable in the inbox of a SQLite ledger.</summary>
internal static class Enqueueing
{
    private const int WarmUps = 20;
    private const int Rounds = 400;

    public static async Task<IReadOnlyList<Row>> MeasureAsync(string folder, CancellationToken cancellationToken)
    {
        var entries = Entries();
        await using var ledger = await SqliteLedger.OpenAsync(Path.Combine(folder, "inbox.db"), cancellationToken);
        using var disk = new Disk(folder);
        var isNew = 0;
        var (enqueue, fsync) = await disk.BesideAsync(WarmUps, Rounds, async i => isNew += await ledger.EnqueueAsync(entries[i + WarmUps], cancellationToken) ? 1 : 0);
        var isRepeated = !await ledger.EnqueueAsync(entries[0], cancellationToken);
        var depth = await ledger.InboxDepthAsync(cancellationToken);
        var gate = Gate.Of(
            "all kept once, a repetition not",
            isNew == entries.Count && depth == entries.Count && isRepeated,
            $"{depth} of {entries.Count} in the inbox, {isNew} of them new, a repetition {(isRepeated ? "is" : "is not")} known");
        return
        [
            new Row("one event to durable, median", "SQLite", enqueue.Median.TotalMilliseconds, "ms", fsync.Median.TotalMilliseconds, "one fsync, median", gate),
            new Row("one event to durable, p99", "SQLite", enqueue.P99.TotalMilliseconds, "ms", fsync.P99.TotalMilliseconds, "one fsync, p99", gate),
        ];
    }

    private static List<InboxEntry> Entries()
    {
        var now = TimeProvider.System.GetUtcNow();
        var log = new AuditEntries(TimeProvider.System, seed: 7);
        return [.. Enumerable.Range(0, WarmUps + Rounds).Select(i =>
        {
            var entry = log.Operation(AuditCalls.Compute("patch", ResourceName.Of(ResourceKind.Firewall, "vpc-host-000", $"rule-{i}"), new JsonObject { ["disabled"] = true })).Last;
            var change = Entry.ChangeOf(entry);
            return new InboxEntry(change.DedupKey, change, now, now);
        })];
    }
}
