namespace Auditor.Adapters.Ledgers;

/// <summary>Something is larger than the store takes; nothing of it was written. The message is one sentence that names it and both sizes.</summary>
public sealed class LedgerLimitException : Exception
{
    public LedgerLimitException(string message)
        : base(message)
    {
    }

    public LedgerLimitException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public LedgerLimitException()
    {
    }
}
