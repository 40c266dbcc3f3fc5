using System.CommandLine;
using Auditor.Adapters.Ledgers;
using Auditor.Ledger;

namespace Auditor.Cli.Output;

/// <summary>The ledger that commands read.</summary>
internal static class LedgerFile
{
    /// <summary>The <c>--ledger</c> option.</summary>
    public static Option<string> Option() => new("--ledger")
    {
        Description = "the ledger: a SQLite file, or firestore:PROJECT/DATABASE/NAME",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("AUDITOR__LEDGER__PATH") is { Length: > 0 } path ? path : Path.Combine(".auditor", "auditor.db"),
    };

    /// <summary>Opens an existing ledger.</summary>
    public static async Task<ILedger> OpenAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            if (LedgerAddress.Problem(path) is { } problem)
            {
                throw new UsageException($"--ledger is {problem}.");
            }

            var ledger = FirestoreAddress.IsMeantBy(path) || File.Exists(path) ? LedgerAddress.Open(path, TimeProvider.System) : null;
            if (ledger is not FirestoreLedger || await ledger.HeadAsync(cancellationToken) != Head.None)
            {
                return ledger ?? throw Missing(path);
            }

            await ledger.DisposeAsync();
            throw Missing(path);
        }
        catch (LedgerDamagedException e)
        {
            throw new UsageException(e.Message);
        }
    }

    private static UsageException Missing(string path) => new($"there is no ledger at {path}; 'auditor run' or 'auditor serve' makes one, --ledger names another.");
}
