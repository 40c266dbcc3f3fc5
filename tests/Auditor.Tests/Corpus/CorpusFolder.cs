using Auditor.Tests.Conventions;

namespace Auditor.Tests.Corpus;

/// <summary>Finds the recorded data that is not part of the repository: AUDITOR_CORPUS, or shared/corpus beside the repository.</summary>
internal static class CorpusFolder
{
    internal const string Missing = "no recorded data: neither AUDITOR_CORPUS is set nor is there a shared/corpus beside the repository";

    /// <summary>The corpus' path; null when it is not on this machine.</summary>
    internal static string? Find()
    {
        var folder = Environment.GetEnvironmentVariable("AUDITOR_CORPUS") is { Length: > 0 } told ? told : Path.GetFullPath(Path.Combine(Repository.Root, "..", "shared", "corpus"));
        return Directory.Exists(folder) ? folder : null;
    }

    /// <summary>As <see cref="Find"/>; skips the test where there is no corpus.</summary>
    internal static string Require()
    {
        var path = Find();
        Assert.SkipWhen(path is null, Missing);
        return path!;
    }
}
