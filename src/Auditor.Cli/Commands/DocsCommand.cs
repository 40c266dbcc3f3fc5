using System.CommandLine;
using Auditor.Adapters.Ledgers;
using Auditor.Changes;
using Auditor.Cli.Output;
using Auditor.Rules;

namespace Auditor.Cli.Commands;

/// <summary><c>auditor docs</c>: writes every generated page, or with --check says which are stale.</summary>
internal static class DocsCommand
{
    public static Command Create()
    {
        var check = new Option<bool>("--check") { Description = "write nothing; exit 1 when a page is stale" };
        var root = new Option<string>("--root") { Description = "the repository's folder", DefaultValueFactory = _ => "." };
        var command = new Command("docs", "Write the generated pages") { check, root };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(root)!, parsed.GetValue(check), cancellationToken));
        return command;
    }

    /// <summary>Path below the repository and content of every generated page.</summary>
    internal static IReadOnlyList<(string Path, string Content)> Pages() =>
    [
        ("docs/rules/README.md", RulePage.Index(RuleCatalog.All.Infos)),
        .. RuleCatalog.All.Infos.Select(rule => ($"docs/rules/{rule.Id}.md", RulePage.Of(rule))),
        ("infra/sink_filter.txt", SinkFilter.Text + "\n"),
        ("infra/firestore/indexes.tf", FirestoreTerraform.Text),
    ];

    private static async Task<int> RunAsync(string root, bool check, CancellationToken cancellationToken)
    {
        if (!File.Exists(Path.Combine(root, "Auditor.sln")))
        {
            throw new UsageException($"--root is '{root}', which holds no Auditor.sln; the repository's folder was expected.");
        }

        var stale = 0;
        foreach (var (path, content) in Pages())
        {
            var file = Path.Combine(root, path);
            if (File.Exists(file) && await File.ReadAllTextAsync(file, cancellationToken) == content)
            {
                continue;
            }

            stale++;
            if (check)
            {
                await Console.Error.WriteLineAsync($"auditor: {path} is stale; run 'make docs'.");
                continue;
            }

            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllTextAsync(file, content, cancellationToken);
            Console.Out.WriteLine($"wrote {path}");
        }

        return check && stale > 0 ? ExitCodes.Findings : ExitCodes.Clean;
    }
}
