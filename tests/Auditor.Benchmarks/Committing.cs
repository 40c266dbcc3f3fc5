using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Auditor.Adapters.Ledgers;
using Auditor.Benchmarks.Harness;
using Auditor.Findings;
using Auditor.Ledger;
using Auditor.Model;
using Auditor.Rules;
using Auditor.Simulator.Entries;

namespace Auditor.Benchmarks;

/// <summary>The whole line: first sweep to baseline, a ledger opened cold, and one event to the committed finding it makes.</summary>
internal static class Committing
{
    private const int WarmUps = 10;
    private const int Rounds = 200;
    private const int Storm = 8_000;
    private const int Pushes = 64;

    public static async Task<IReadOnlyList<Row>> MeasureAsync(EstateFile file, string folder, CancellationToken cancellationToken)
    {
        var export = await file.ReadAsync(cancellationToken, keepJson: true);
        var cloud = new MemoryCloud(export.Build.Json, [.. export.Estate.CoveredProjects.Order(StringComparer.Ordinal)]);
        var path = Path.Combine(folder, $"{file.SizeWord}.db");
        await using var ledger = await SqliteLedger.OpenAsync(path, cancellationToken);
        using var run = new AuditRun(ledger, cloud, [], RuleCatalog.All, new AuditRunOptions { Holder = "bench" }, TimeProvider.System);
        var evaluator = new Evaluator(RuleCatalog.All, RuleOptions.Default);
        var full = Sample.Of(1, 3, () => evaluator.Full(export.Estate, TimeProvider.System.GetUtcNow()));
        var sweep = await Sample.OfAsync(0, 1, async _ => await run.SweepAsync(cancellationToken));
        var baseline = PlantedGate.Of(file.Generated, (await ledger.LoadAsync(cancellationToken)).Findings.Values);
        var isSame = false;
        var open = await Sample.OfAsync(0, 3, async _ =>
        {
            var known = Knowledge.From(await ledger.LoadAsync(cancellationToken), evaluator, TimeProvider.System.GetUtcNow());
            isSame = known.Evaluations.All.Count() == known.Evaluations.All.Count(evaluation => !evaluation.Verdicts.IsEmpty) && known.Estate.Count == export.Estate.Count;
        });
        return
        [
            new Row("first sweep to baseline", file.SizeWord, sweep.Median.TotalSeconds, "s", full.Median.TotalSeconds, "full evaluation alone", baseline),
            new Row("ledger opened cold", file.SizeWord, open.Median.TotalSeconds, "s", full.Median.TotalSeconds, "full evaluation alone", Gate.Of("every resource is back", isSame, "the ledger does not give the estate back")),
            .. await EventsAsync(file, cloud, ledger, run, folder, cancellationToken),
            .. await StormAsync(file, cloud, ledger, run, folder, cancellationToken),
        ];
    }

    // Many at once: all into the inbox, as pushes in parallel do, and then all through the line.
    private static async Task<IReadOnlyList<Row>> StormAsync(EstateFile file, MemoryCloud cloud, SqliteLedger ledger, AuditRun run, string folder, CancellationToken cancellationToken)
    {
        var rules = file.Generated.Faults.Where(fault => fault.RuleId == "FWL004").Select(fault => ResourceName.Parse(fault.Resource)).Distinct().ToList();
        var log = new AuditEntries(TimeProvider.System, seed: 13);
        var entries = Enumerable.Range(0, Storm).Select(i => Entry.EventOf(log.Operation(AuditCalls.Compute("patch", rules[i % rules.Count], new JsonObject { ["name"] = rules[i % rules.Count].Id })).Last)).ToList();
        using var disk = new Disk(folder);
        var (_, fsync) = await disk.BesideAsync(0, 100, _ => Task.CompletedTask);
        var beside = $"fsync p99 {fsync.P99.TotalMilliseconds:0.00} ms";
        var intake = await Sample.OfAsync(0, 1, async _ => await Parallel.ForEachAsync(
            entries, new ParallelOptions { MaxDegreeOfParallelism = Pushes, CancellationToken = cancellationToken }, async (entry, token) => await run.TakeAsync(entry, token)));
        var depth = await ledger.InboxDepthAsync(cancellationToken);
        foreach (var rule in rules)
        {
            cloud[rule] = Narrow(cloud[rule]);
        }

        var reads = cloud.Reads;
        var drain = await Sample.OfAsync(0, 1, async _ => await run.DrainAsync(cancellationToken));
        var left = await ledger.InboxDepthAsync(cancellationToken);
        var open = (await ledger.LoadAsync(cancellationToken)).Findings.Values.Count(finding => finding.IsOpen && finding.RuleId == "FWL004");
        return
        [
            new Row(string.Create(CultureInfo.InvariantCulture, $"events into the inbox, {Pushes} at once"), file.SizeWord, Storm / intake.Median.TotalSeconds, "events/s", 1 / fsync.Median.TotalSeconds, "fsyncs, one after the other", Gate.Of($"all {Storm:N0} durable; {beside}", depth == Storm, $"{depth} of {Storm} are in the inbox")),
            new Row("events evaluated and committed", file.SizeWord, Storm / drain.Median.TotalSeconds, "events/s", null, "", Gate.Of($"inbox empty, faults gone, {(cloud.Reads - reads) / (double)Storm:0.##} reads each; {beside}", left == 0 && open == 0, $"{left} left in the inbox, {open} faults open")),
        ];
    }

    // A rule is opened wide to a connector and narrowed again, in turns.
    private static async Task<IReadOnlyList<Row>> EventsAsync(EstateFile file, MemoryCloud cloud, SqliteLedger ledger, AuditRun run, string folder, CancellationToken cancellationToken)
    {
        var fault = file.Generated.Faults.First(fault => fault.RuleId == "FWL004");
        var name = ResourceName.Parse(fault.Resource);
        var wide = cloud[name];
        var narrow = Narrow(wide);
        var log = new AuditEntries(TimeProvider.System, seed: 11);
        var good = 0;
        var reads = cloud.Reads;
        using var disk = new Disk(folder);
        var (commit, fsync) = await disk.BesideAsync(WarmUps, Rounds, async i =>
        {
            var isWide = i % 2 != 0;
            cloud[name] = isWide ? wide : narrow;
            var entry = log.Operation(AuditCalls.Compute("patch", name, new JsonObject { ["name"] = name.Id })).Last;
            await run.TakeAsync(Entry.EventOf(entry), cancellationToken);
            var commits = await run.DrainAsync(cancellationToken);
            good += commits is [var only] && only.Transitions.Where(transition => transition.RuleId == "FWL004").ToList() is [var transition] && transition.Resource == name && transition.Kind == (isWide ? TransitionKind.Reopened : TransitionKind.Resolved) ? 1 : 0;
        });
        var after = PlantedGate.Of(file.Generated, (await ledger.LoadAsync(cancellationToken)).Findings.Values);
        var gate = good != WarmUps + Rounds ? Gate.Of("", holds: false, $"{good} of {WarmUps + Rounds} events made exactly their transition")
            : after.IsPassed ? Gate.Of($"one transition each, {(cloud.Reads - reads) / (double)(WarmUps + Rounds):0.##} reads each", holds: true, "")
            : after;
        return
        [
            new Row("one event to committed finding, median", file.SizeWord, commit.Median.TotalMilliseconds, "ms", 2 * fsync.Median.TotalMilliseconds, "two fsyncs, median", gate),
            new Row("one event to committed finding, p99", file.SizeWord, commit.P99.TotalMilliseconds, "ms", 2 * fsync.P99.TotalMilliseconds, "two fsyncs, p99", gate),
        ];
    }

    private static JsonElement Narrow(JsonElement rule)
    {
        var json = JsonObject.Create(rule)!;
        json["allowed"] = new JsonArray(new JsonObject { ["IPProtocol"] = "tcp", ["ports"] = new JsonArray("5432") });
        return JsonElement.Parse(json.ToJsonString());
    }
}
