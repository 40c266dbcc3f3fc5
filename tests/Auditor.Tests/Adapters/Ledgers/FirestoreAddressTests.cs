using Auditor.Adapters.Ledgers;

namespace Auditor.Tests.Adapters.Ledgers;

public sealed class FirestoreAddressTests
{
    [Theory]
    [InlineData("firestore:my-project", "my-project", "(default)", "auditor")]
    [InlineData("firestore:my-project/audit-db", "my-project", "audit-db", "auditor")]
    [InlineData("firestore:my-project/(default)/folder-1", "my-project", "(default)", "folder-1")]
    [InlineData("firestore:example.com:my-project/(default)/A_b", "example.com:my-project", "(default)", "A_b")]
    public void Parse_FillsInWhatIsLeftOut(string text, string project, string database, string name)
    {
        var address = FirestoreAddress.Parse(text);
        Assert.Equal(new FirestoreAddress(project, database, name), address);
        Assert.Equal(address, FirestoreAddress.Parse(address.ToString()));
        Assert.Equal($"projects/{project}/databases/{database}/documents/ledgers/{name}", address.Root);
    }

    [Theory]
    [InlineData("firestore:")]
    [InlineData("firestore:12345678")]
    [InlineData("firestore:my-project/")]
    [InlineData("firestore:my-project//main")]
    [InlineData("firestore:my-project/Database")]
    [InlineData("firestore:my-project/(default)/a/b")]
    [InlineData("firestore:my-project/(default)/__a__")]
    [InlineData("firestore:my-project/(default)/main\n")]
    public void Problem_SaysWhatIsWanted(string text)
    {
        Assert.Equal($"'{text}'; firestore:PROJECT/DATABASE/NAME is wanted, such as firestore:my-project/(default)/auditor", LedgerAddress.Problem(text));
        Assert.Throws<FormatException>(() => LedgerAddress.Open(text, TimeProvider.System));
    }

    [Theory]
    [InlineData(".auditor/auditor.db")]
    [InlineData("firestore/auditor.db")]
    [InlineData("firestore:my-project")]
    public void Problem_IsNone(string text) => Assert.Null(LedgerAddress.Problem(text));

    [Theory]
    [InlineData("127.0.0.1:8081", null)]
    [InlineData("[::1]:8081", null)]
    [InlineData("", null)]
    [InlineData("8081", "FIRESTORE_EMULATOR_HOST is '8081'; HOST:PORT is wanted, such as 127.0.0.1:8081.")]
    [InlineData("http://127.0.0.1:8081", "FIRESTORE_EMULATOR_HOST is 'http://127.0.0.1:8081'; HOST:PORT is wanted, such as 127.0.0.1:8081.")]
    public void EmulatorHost_IsHostAndPort(string host, string? problem) => Assert.Equal(problem, FirestoreConnection.Problem(host));
}
