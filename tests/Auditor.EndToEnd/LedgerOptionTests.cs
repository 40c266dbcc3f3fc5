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

    [Fact]
    public async Task TheConfigurationNamesTheLedger_ExceptOfADemonstration()
    {
        File.WriteAllText(Path.Combine(_folder, "auditor.yaml"), "ledger:\n  path: ours.db\n");
        Assert.Equal((2, "", "auditor: there is no ledger at ours.db; 'auditor run' or 'auditor serve' makes one, --ledger names another.\n"), await Command.RunAsync(_folder, "findings"));
        Assert.StartsWith("auditor: there is no ledger at theirs.db;", (await Command.RunAsync(_folder, "findings", "--ledger", "theirs.db")).Error, StringComparison.Ordinal);
        Assert.StartsWith("auditor: there is no ledger at set.db;", (await Command.RunAsync(_folder, new Dictionary<string, string>(StringComparer.Ordinal) { ["AUDITOR__LEDGER__PATH"] = "set.db" }, "findings")).Error, StringComparison.Ordinal);

        Assert.Equal(0, (await Command.RunAsync(_folder, "run")).Code);
        Assert.True(File.Exists(Path.Combine(_folder, ".auditor", "auditor.db")));
        Assert.False(File.Exists(Path.Combine(_folder, "ours.db")));
    }

    [Fact]
    public async Task AFaultyConfiguration_IsSaidByFileAndLine()
    {
        File.WriteAllText(Path.Combine(_folder, "auditor.yaml"), "ledger:\n  pth: ours.db\n");
        var (code, text, error) = await Command.RunAsync(_folder, "findings");
        Assert.Equal((2, ""), (code, text));
        Assert.StartsWith("auditor: auditor.yaml:2", error, StringComparison.Ordinal);
        Assert.Equal(2, (await Command.RunAsync(_folder, "serve", "--port", "0")).Code);
    }
}
