using Auditor.Adapters.Ledgers;
using Auditor.Ledger;

namespace Auditor.Tests.Adapters.Ledgers;

/// <summary>The file of published heads.</summary>
public sealed class HeadsFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("auditor-heads-").FullName;

    private string File => Path.Combine(_folder, "made", "heads.ndjson");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Heads_AreALineEach_AndOnlyEverAppended()
    {
        await new HeadsFile(File).PublishAsync(Head(1), TestContext.Current.CancellationToken);
        await new HeadsFile(File).PublishAsync(Head(2), TestContext.Current.CancellationToken);
        Assert.Equal(
            $$"""{"seq":1,"epoch":3,"hash":"{{Head(1).Hash}}","publishedAt":"2026-11-01T12:00:00+00:00"}""", (await System.IO.File.ReadAllLinesAsync(File, TestContext.Current.CancellationToken))[0]);
        var (heads, notUnderstood) = await HeadsFile.ReadAsync(File, TestContext.Current.CancellationToken);
        Assert.Equal([Head(1), Head(2)], heads);
        Assert.Empty(notUnderstood);
    }

    [Fact]
    public async Task ALineThatWasNotFinished_SpoilsOnlyItself()
    {
        await new HeadsFile(File).PublishAsync(Head(1), TestContext.Current.CancellationToken);
        await System.IO.File.AppendAllTextAsync(File, """{"seq":2,"ep""", TestContext.Current.CancellationToken);
        await new HeadsFile(File).PublishAsync(Head(3), TestContext.Current.CancellationToken);
        var (heads, notUnderstood) = await HeadsFile.ReadAsync(File, TestContext.Current.CancellationToken);
        Assert.Equal([Head(1), Head(3)], heads);
        Assert.Equal([2], notUnderstood);
    }

    private static PublishedHead Head(int seq) => new(seq, 3, new string((char)('0' + seq), 64), Commits.Noon);
}
