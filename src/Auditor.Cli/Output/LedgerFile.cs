using System.CommandLine;
using Auditor.Adapters.Ledgers;

namespace Auditor.Cli.Output;

/// <summary>The ledger that commands read.</summary>
internal static class LedgerFile
{
    /// <summary>The <c>--ledger</c> option.</summary>
    public static Option<string> Option() => new("--ledger")
    {
        Description = "the SQLite ledger",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("AUDITOR__LEDGER__PATH") is { Length: > 0 } path ? path : Path.Combine(".auditor", "auditor.db"),
    };

    /// <summary>Opens an existing ledger.</summary>
    public static async Task<SqliteLedger> OpenAsync(string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            throw new UsageException($"there is no ledger at {path}; 'auditor run' or 'auditor serve' makes one, --ledger names another.");
        }

        try
        {
            return await SqliteLedger.OpenAsync(path, cancellationToken);
        }
        catch (LedgerDamagedException e)
        {
            throw new UsageException(e.Message);
        }
    }
}
