namespace Auditor.Simulator.Entries;

/// <summary>How an operation ended.</summary>
/// <param name="Code">google.rpc.Code; 0 is success.</param>
/// <param name="Took">From the first entry to the last.</param>
/// <param name="Ago">How long before now the last entry was.</param>
public sealed record AuditOutcome(int Code = 0, string Message = "", TimeSpan Took = default, TimeSpan Ago = default);

/// <summary>The two entries of a long-running operation.</summary>
public sealed record OperationEntries(byte[] First, byte[] Last)
{
    /// <summary>In the order in which they happened.</summary>
    public IReadOnlyList<byte[]> InOrder => [First, Last];

    /// <summary>In the order in which Pub/Sub may well deliver them.</summary>
    public IReadOnlyList<byte[]> Swapped => [Last, First];
}
