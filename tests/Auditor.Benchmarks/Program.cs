using Auditor.Benchmarks;
using Auditor.Benchmarks.Harness;

// bench [--large] [--firewalls|--paths|--ledgers] [--json FILE] [--folder FOLDER]: one table on stdout; exit 1 when a gate failed, 2 when the call is wrong.
var (withLarge, ledgersOnly, pathsOnly) = (false, false, false);
Func<IReadOnlyList<Row>>? only = null;
string? json = null;
var folder = Path.Combine("artifacts", "bench");
for (var i = 0; i < args.Length; i++)
{
    switch (args[i])
    {
        case "--large":
            withLarge = true;
            break;
        case "--firewalls":
            only = Firewalling.Measure;
            break;
        case "--paths":
            pathsOnly = true;
            break;
        case "--ledgers":
            ledgersOnly = true;
            break;
        case "--json" when i + 1 < args.Length:
            json = args[++i];
            break;
        case "--folder" when i + 1 < args.Length:
            folder = args[++i];
            break;
        default:
            await Console.Error.WriteLineAsync($"bench: '{args[i]}' is not known; --large, --firewalls, --paths or --ledgers (just those), --json FILE and --folder FOLDER (on the disk to measure) are.");
            return 2;
    }
}

// A folder of its own, gone at the end: ledgers of an earlier run would count.
folder = Path.Combine(folder, Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture));
Directory.CreateDirectory(folder);
try
{
    var bench = new Bench(folder, Console.Error);
    var rows = only is not null ? only() : await (pathsOnly ? bench.RunPathsAsync(withLarge, CancellationToken.None) : ledgersOnly ? bench.RunLedgersAsync(withLarge, CancellationToken.None) : bench.RunAsync(withLarge, CancellationToken.None));
    await Report.PrintAsync(rows, Console.Out);
    if (json is not null)
    {
        await Report.WriteJsonAsync(rows, json);
    }

    return rows.All(row => row.Gate.IsPassed) ? 0 : 1;
}
finally
{
    Directory.Delete(folder, recursive: true);
}
