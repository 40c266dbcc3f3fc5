using System.CommandLine;
using Auditor.Adapters.Ledgers;
using Auditor.Ledger;

namespace Auditor.Cli.Output;

/// <summary>The ledger that commands read.</summary>
internal static class LedgerFile
{
    /// <summary>The variable that names the Firestore emulator.</summary>
    public const string EmulatorHost = "FIRESTORE_EMULATOR_HOST";

    /// <summary>The ledger where nothing names one.</summary>
    public static string DefaultPath { get; } = Path.Combine(".auditor", "auditor.db");

    /// <summary>The <c>--ledger</c> option; the configuration's ledger by default.</summary>
    public static Option<string> Option() => Option(static () => Settings.Read(null).LedgerPath);

    /// <summary>The same for a demonstration, which never touches the ledger that a file names.</summary>
    public static Option<string> OptionForDemonstration() => Option(static () => Environment.GetEnvironmentVariable("AUDITOR__LEDGER__PATH") is { Length: > 0 } path ? path : DefaultPath);

    private static Option<string> Option(Func<string> otherwise) => new("--ledger")
    {
        Description = "the ledger: a SQLite file, or firestore:PROJECT/DATABASE/NAME",
        DefaultValueFactory = _ => otherwise(),
    };

    /// <summary>Opens an existing ledger.</summary>
    public static async Task<ILedger> OpenAsync(string path, CancellationToken cancellationToken)
    {
        var isThere = FirestoreAddress.IsMeantBy(path) ? await HeadAsync(path, cancellationToken) != Head.None : File.Exists(path);
        return isThere
            ? LedgerAddress.Open(path, TimeProvider.System)
            : throw new UsageException($"there is no ledger at {path}; 'auditor run' or 'auditor serve' makes one, --ledger names another.");
    }

    /// <summary>Whether a demonstration may be played into it. What a file holds is set aside; Firestore's ledgers are for good.</summary>
    public static async Task RequireFitForDemonstrationAsync(string path, CancellationToken cancellationToken)
    {
        if (!FirestoreAddress.IsMeantBy(path))
        {
            return;
        }

        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(EmulatorHost)))
        {
            throw new UsageException($"the demonstration does not write to Google Cloud, and {path} is there; --ledger names a file.");
        }

        if (await HeadAsync(path, cancellationToken) != Head.None)
        {
            throw new UsageException($"the demonstration starts from nothing, and {path} holds something; --ledger names another.");
        }
    }

    private static async Task<Head> HeadAsync(string path, CancellationToken cancellationToken)
    {
        if (LedgerAddress.Problem(path) is { } problem)
        {
            throw new UsageException($"--ledger is {problem}.");
        }

        await using var ledger = LedgerAddress.Open(path, TimeProvider.System);
        return await ledger.HeadAsync(cancellationToken);
    }
}
