namespace Auditor.Ledger;

/// <summary>The inbox holds as many entries as it may; the sender tries again later.</summary>
public sealed class InboxFullException : Exception
{
    public InboxFullException(string message)
        : base(message)
    {
    }

    public InboxFullException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public InboxFullException()
    {
    }
}
