namespace Auditor.EndToEnd;

/// <summary>What commands say of a ledger they cannot use.</summary>
public sealed class LedgerOptionTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("auditor-ledger-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("findings", "nowhere.db", "auditor: there is no ledger at nowhere.db; 'auditor run' or 'auditor serve' makes one, --ledger names another.")]
    [InlineData("history", "firestore:P", "auditor: --ledger is 'firestore:P'; firestore:PROJECT/DATABASE/NAME is wanted, such as firestore:my-project/(default)/auditor.")]
    [InlineData("run", "firestore:my-project", "auditor: the demonstration does not write to Google Cloud, and firestore:my-project is there; --ledger names a file.")]
    public async Task IsSaidInOneSentence(string command, string ledger, string sentence) =>
        Assert.Equal((2, "", sentence + "\n"), await Command.RunAsync(_folder, command, "--ledger", ledger));
}
