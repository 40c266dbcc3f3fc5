namespace Auditor.Ledger;

/// <summary>
/// Tells a place that the ledger's writer cannot change which head the ledger has. What is published there once, no rewritten ledger agrees with.
/// </summary>
public interface IHeadPublisher
{
    /// <summary>Keeps a head for good. When this fails, the head after it is published all the same: it vouches for all before.</summary>
    Task PublishAsync(PublishedHead head, CancellationToken cancellationToken);
}

/// <summary>A head as it was published.</summary>
public sealed record PublishedHead(long Seq, long Epoch, string Hash, DateTimeOffset PublishedAt);

/// <summary>A head could not be published; the ledger has it all the same, and it is tried again.</summary>
public sealed class HeadNotPublishedException : Exception
{
    public HeadNotPublishedException(string message)
        : base(message)
    {
    }

    public HeadNotPublishedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public HeadNotPublishedException()
    {
    }
}
