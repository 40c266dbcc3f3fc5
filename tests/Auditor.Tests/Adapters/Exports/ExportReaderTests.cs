using System.IO.Compression;
using System.Text;
using Auditor.Adapters.Exports;
using Auditor.Model;

namespace Auditor.Tests.Adapters.Exports;

public sealed class ExportReaderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("auditor-exports-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task ReadAsync_LinesWithMarkAndBlanks_AllCount()
    {
        var path = Write("export.ndjson", "\uFEFF# from gcloud\n" + Line("a") + "\r\n\r\n" + Line("b") + "\n");
        var result = await Read(path);
        Assert.Empty(result.Problems);
        Assert.Equal(["a", "b"], Connectors(result));
    }

    [Fact]
    public async Task ReadAsync_ManyLongLines_CrossTheBuffer()
    {
        var path = Write("big.json", string.Join('\n', Enumerable.Range(0, 3000).Select(i => Line($"c{i:D5}", new string('x', i % 700)))));
        Assert.Equal(3000, Connectors(await Read(path)).Count);
    }

    [Fact]
    public async Task ReadAsync_CutOffInTheLastLine_TheRestCounts()
    {
        var path = Write("export.json", Line("a") + "\n" + Line("b")[..40]);
        var result = await Read(path);
        Assert.Equal([$"{path}: the file is cut off in line 2; the lines before it count."], result.Problems);
        Assert.Equal(["a"], Connectors(result));
    }

    [Fact]
    public async Task ReadAsync_OtherTextBetween_IsSaidWithItsLine()
    {
        var path = Write("export.json", Line("a") + "\nnonsense\n" + Line("b") + "\n");
        var result = await Read(path);
        Assert.StartsWith($"{path}: line 2 is not JSON (", Assert.Single(result.Problems), StringComparison.Ordinal);
        Assert.Equal(["a", "b"], Connectors(result));
    }

    [Fact]
    public async Task ReadAsync_WholeList_CutOff_ItemsBeforeTheCutCount()
    {
        var path = Write("list.json", $"[\n{Line("a")},\n{Line("b")},\n{Line("c")[..30]}");
        var result = await Read(path);
        Assert.Equal([$"{path}: the file is cut off in line 4; the 2 items before it count."], result.Problems);
        Assert.Equal(["a", "b"], Connectors(result));
    }

    [Fact]
    public async Task ReadAsync_IndentedDocumentAndGzip_AreRead()
    {
        var plain = Write("answer.json", "{\n \"connectors\": [\n  {\"name\": \"projects/p/locations/r/connectors/a\"}\n ]\n}\n");
        var zipped = Path.Combine(_folder, "more.json.gz");
        await using (var stream = new GZipStream(File.Create(zipped), CompressionMode.Compress))
        {
            stream.Write(Encoding.UTF8.GetBytes(Line("b")));
        }

        Assert.Equal(["a", "b"], Connectors(await Read(plain, zipped)));
    }

    [Fact]
    public async Task ReadAsync_Utf16_IsRead()
    {
        var path = Path.Combine(_folder, "windows.json");
        File.WriteAllText(path, Line("a"), Encoding.Unicode);
        Assert.Equal(["a"], Connectors(await Read(path)));
    }

    [Fact]
    public async Task ReadAsync_Folder_SkipsAndCountsOtherFiles()
    {
        Write("README.md", "# Exports\n\nSome words.\n");
        Write("sub/export-0001", Line("a"));
        Write("notes.txt", "[see the README]\n");
        var result = await Read(_folder);
        Assert.Empty(result.Problems);
        Assert.Equal((1, 2), (result.Files, result.Skipped));
    }

    [Fact]
    public async Task ReadAsync_WhatIsNotThere_IsOneSentenceEach()
    {
        var empty = Write("empty.json", "");
        var text = Write("text.json", "hello\n");
        var folder = Directory.CreateDirectory(Path.Combine(_folder, "none")).FullName;
        var result = await Read("/no/such/file", folder, empty, text);
        Assert.Equal(
            ["/no/such/file: there is no such file or folder.", $"{folder}: the folder holds no files.", $"{empty}: the file is empty.", $"{text}: line 1 is not JSON; an object or a list was expected."],
            result.Problems);
        Assert.False(result.HasResources);
    }

    [Fact]
    public async Task ReadAsync_ResourceNotUnderstood_NamesFileLineAndField()
    {
        var path = Write("export.json", Line("a") + "\n" + Line("b").Replace("10.8.0.0/28", "ten", StringComparison.Ordinal));
        var result = await Read(path);
        Assert.Equal([$"{path}:2: //vpcaccess.googleapis.com/projects/p/locations/r/connectors/b is not understood: ipCidrRange is \"ten\"; an address or CIDR block was expected."], result.Problems);
        Assert.Single(result.Estate.Gaps);
    }

    private static Task<ExportResult> Read(params string[] paths) => ExportReader.ReadAsync(paths, complete: false, progress: null, TestContext.Current.CancellationToken);

    private static List<string> Connectors(ExportResult result) => [.. result.Estate.OfKind(ResourceKind.Connector).Select(name => name.Id)];

    private static string Line(string id, string network = "main") =>
        $$$"""{"name":"//vpcaccess.googleapis.com/projects/p/locations/r/connectors/{{{id}}}","asset_type":"vpcaccess.googleapis.com/Connector","resource":{"data":{"network":"{{{network}}}","ipCidrRange":"10.8.0.0/28"} } }""";

    private string Write(string name, string content)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return path;
    }
}
