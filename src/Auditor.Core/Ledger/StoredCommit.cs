using System.Globalization;
using System.Text.Json;

namespace Auditor.Ledger;

/// <summary>A commit as a store holds it: its bytes, and what stands beside them. Nothing of it is believed before it was verified.</summary>
/// <param name="RecordedAt">As <see cref="Timestamps.Format"/> writes it.</param>
/// <param name="Bytes">What was hashed; empty where <paramref name="Unreadable"/> says why there are none.</param>
/// <param name="Unreadable">Completes "it …"; null when there are bytes.</param>
public sealed record StoredCommit(long Seq, long Epoch, string Hash, string PreviousHash, string RecordedAt, ReadOnlyMemory<byte> Bytes, string? Unreadable = null)
{
    /// <summary>Whether nothing is left of it but its link in the chain.</summary>
    public bool IsForgotten => Bytes.IsEmpty && Unreadable is null;

    /// <summary>What is wrong with the link of a commit that was forgotten; see <see cref="Problem"/>.</summary>
    public string? LinkProblem(string before) => PreviousHash != before ? $"follows {Named(PreviousHash)}, and the commit before it has {Named(before)}" : null;

    /// <summary>What is wrong with it as the commit after <paramref name="before"/>, completing "it …"; null when nothing is.</summary>
    public string? Problem(string before)
    {
        if (Unreadable is not null)
        {
            return Unreadable;
        }

        if (IsForgotten)
        {
            return "has no content";
        }

        var hash = Commit.HashOf(Bytes.Span);
        return hash != Hash ? $"has content of hash {hash}, and hash {Hash} stands beside it"
            : LinkProblem(before) ?? Contradiction();
    }

    // The hash covers the bytes only; what stands beside them must say the same.
    private string? Contradiction()
    {
        try
        {
            var commit = JsonSerializer.Deserialize<Commit>(Bytes.Span, LedgerJson.Options)!;
            return Differs("number", commit.Seq.ToString(CultureInfo.InvariantCulture), Seq.ToString(CultureInfo.InvariantCulture))
                ?? Differs("epoch", commit.Epoch.ToString(CultureInfo.InvariantCulture), Epoch.ToString(CultureInfo.InvariantCulture))
                ?? Differs("previous hash", commit.PreviousHash, PreviousHash)
                ?? Differs("time", Timestamps.Format(commit.RecordedAt), RecordedAt);
        }
        catch (Exception e) when (e is JsonException or FormatException or NotSupportedException)
        {
            return $"is not understood ({e.Message.TrimEnd('.')})";
        }
    }

    private static string? Differs(string what, string inside, string beside) => inside == beside ? null : $"has {what} {inside} in its content, and {beside} stands beside it";

    private static string Named(string hash) => hash.Length == 0 ? "nothing" : $"hash {hash}";
}
