using System.CommandLine;
using System.Globalization;
using Auditor.Adapters.Ledgers;
using Auditor.Cli.Output;
using Auditor.Ledger;

namespace Auditor.Cli.Commands;

/// <summary><c>auditor verify</c>: whether the history is the one that was written.</summary>
internal static class VerifyCommand
{
    public static Command Create()
    {
        var ledger = LedgerFile.Option();
        var heads = new Option<string?>("--heads")
        {
            Description = "a file of published heads to compare with",
            DefaultValueFactory = _ => Environment.GetEnvironmentVariable("AUDITOR__LEDGER__HEADS") is { Length: > 0 } path ? path : null,
        };
        var command = new Command("verify", "Walk the chain of commits; name the first that is missing, altered or not the published one") { ledger, heads };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(ledger)!, parsed.GetValue(heads), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string path, string? headsPath, CancellationToken cancellationToken)
    {
        await using var ledger = await LedgerFile.OpenAsync(path, cancellationToken);
        var (published, notUnderstood) = headsPath is null ? ([], []) : await HeadsAsync(headsPath, cancellationToken);
        foreach (var line in notUnderstood)
        {
            await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"auditor: line {line} of {headsPath} is no published head."));
        }

        var head = await ledger.HeadAsync(cancellationToken);
        var from = await ledger.BaseAsync(cancellationToken);
        var report = await Chain.VerifyAsync(ledger.StoredAsync(0, cancellationToken), head, published, cancellationToken, from?.State.Head.Seq ?? 0);
        if (report.Broken is { } broken)
        {
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Broken: commit {broken.Seq} {broken.What}. Before it, {report.Sound.Seq} commits agree."));
            return ExitCodes.Findings;
        }

        Console.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Sound.Seq} commits agree{(report.Sound.Seq > 0 ? $", up to hash {report.Sound.Hash}" : "")}; compared with {(headsPath is null ? "no" : published.Count)} published heads."));
        if (from is not null)
        {
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"The content of the first {from.State.Head.Seq} is not retained; of these only links and hashes were compared."));
        }

        if (await ledger.CheckSnapshotAsync(cancellationToken) is { Problem: { } problem })
        {
            Console.Out.WriteLine($"Broken: the snapshot {problem}. Nothing is lost: 'auditor ledger rebuild' makes a new one.");
            return ExitCodes.Findings;
        }

        return notUnderstood.Count > 0 ? ExitCodes.Incomplete : ExitCodes.Clean;
    }

    private static async Task<(IReadOnlyList<PublishedHead> Heads, IReadOnlyList<int> NotUnderstood)> HeadsAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await HeadsFile.ReadAsync(path, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"the published heads cannot be read: {e.Message}");
        }
    }
}
