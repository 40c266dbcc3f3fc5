namespace Auditor.Adapters.Ledgers;

/// <summary>
/// The ledger's file or database cannot be used as it is: damaged, cut off, not a ledger, written by a newer release, or not accessible. The
/// message is one sentence that names it.
/// </summary>
public sealed class LedgerDamagedException : Exception
{
    public LedgerDamagedException(string message)
        : base(message)
    {
    }

    public LedgerDamagedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public LedgerDamagedException()
    {
    }
}
