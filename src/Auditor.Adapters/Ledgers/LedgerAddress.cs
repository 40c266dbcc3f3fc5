using Auditor.Ledger;

namespace Auditor.Adapters.Ledgers;

/// <summary>What <c>Auditor:Ledger:Path</c> and <c>--ledger</c> say: the path of a SQLite file, or <c>firestore:PROJECT/DATABASE/NAME</c>.</summary>
public static class LedgerAddress
{
    /// <summary>What is wrong with it, completing "… is"; null when nothing is.</summary>
    public static string? Problem(string text)
    {
        try
        {
            if (FirestoreAddress.IsMeantBy(text))
            {
                FirestoreAddress.Parse(text);
            }

            return string.IsNullOrWhiteSpace(text) ? "empty; the path of a file, or firestore:PROJECT/DATABASE/NAME, is wanted" : null;
        }
        catch (FormatException e)
        {
            return e.Message;
        }
    }

    /// <summary>Opens the ledger. A file is made when it is not there; Firestore is not asked before the first use.</summary>
    /// <exception cref="FormatException">It names no ledger.</exception>
    /// <exception cref="LedgerDamagedException">The file cannot be used; the message says why.</exception>
    public static ILedger Open(string text, TimeProvider time) =>
        FirestoreAddress.IsMeantBy(text) ? FirestoreLedger.Open(FirestoreAddress.Parse(text), time) : SqliteLedger.Open(text);
}
