using System.Globalization;
using Google.Cloud.Firestore.V1;

namespace Auditor.Adapters.Ledgers;

/// <summary>
/// How much one call and one document may hold: below Firestore's own limits, most of which its emulator does not know.
/// Source: https://cloud.google.com/firestore/quotas
/// </summary>
internal sealed record FirestoreLimits
{
    public static FirestoreLimits Default { get; } = new();

    /// <value>Documents that one call writes; Firestore took 500 for years, and other clients still hold to it.</value>
    public int WritesPerCall { get; init; } = 500;

    /// <value>Bytes of one call; Firestore takes 10 MiB, its emulator 4.</value>
    public int BytesPerCall { get; init; } = 3_500_000;

    /// <value>Bytes of one document; Firestore takes 1 MiB, counted a little differently than here.</value>
    public int BytesPerDocument { get; init; } = 1_000_000;

    /// <value>Bytes of a commit's body in one document; what is longer is cut.</value>
    public int BytesPerChunk { get; init; } = 900_000;

    /// <value>Bytes of a commit's body in all, as stored.</value>
    public int BytesPerCommit { get; init; } = 64 << 20;

    /// <summary>Whether one call can hold the writes.</summary>
    public bool Fit(IReadOnlyCollection<Write> writes) => writes.Count <= WritesPerCall && writes.Sum(write => (long)SizeOf(write)) <= BytesPerCall;

    /// <summary>Deals the writes out to calls, in order.</summary>
    /// <param name="reserved">Writes that each call holds besides.</param>
    public IEnumerable<List<Write>> Deal(IEnumerable<Write> writes, int reserved)
    {
        var call = new List<Write>();
        var bytes = 0;
        foreach (var write in writes)
        {
            var size = SizeOf(write);
            if (call.Count > 0 && (call.Count + reserved >= WritesPerCall || bytes + size > BytesPerCall - (reserved * 1024)))
            {
                yield return call;
                (call, bytes) = ([], 0);
            }

            call.Add(write);
            bytes += size;
        }

        if (call.Count > 0)
        {
            yield return call;
        }
    }

    /// <summary>Refuses a document that Firestore would refuse.</summary>
    /// <param name="what">What it holds, for the message: "the resource //…".</param>
    /// <exception cref="LedgerLimitException">It is too large.</exception>
    public Document Check(string what, Document document)
    {
        var size = document.CalculateSize();
        return size <= BytesPerDocument
            ? document
            : throw new LedgerLimitException(string.Create(CultureInfo.InvariantCulture, $"{what} takes {size:N0} bytes, compressed; a Firestore document holds {BytesPerDocument:N0}, so nothing was written."));
    }

    // Tag and length of a write in its call.
    private static int SizeOf(Write write) => write.CalculateSize() + 6;
}
