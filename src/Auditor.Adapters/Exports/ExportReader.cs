using System.Globalization;
using System.Text.Json;
using Auditor.Model;

namespace Auditor.Adapters.Exports;

/// <summary>
/// Reads exported and recorded resources from files and folders: asset exports (a JSON document per line, streamed), whole JSON documents,
/// either of them gzipped. Bad data is never an exception: it is said in a sentence, and the rest counts.
/// </summary>
public static class ExportReader
{
    private const int ProblemsPerFile = 5;
    private const long ProgressStep = 16 << 20;
    private static readonly string[] s_jsonExtensions = [".json", ".ndjson", ".jsonl"];

    /// <summary>Reads everything below the paths.</summary>
    /// <param name="complete">Whether the files are known to hold everything of the projects they mention.</param>
    /// <param name="keepJson">Whether to keep each resource's trimmed JSON.</param>
    /// <param name="readVariables">Whether workloads' variables are looked at for endpoints.</param>
    public static async Task<ExportResult> ReadAsync(
        IReadOnlyList<string> paths, bool complete, IProgress<ExportProgress>? progress, CancellationToken cancellationToken, bool keepJson = false, bool readVariables = true)
    {
        var run = new Run(new EstateBuilder(keepJson, readVariables), progress);
        foreach (var path in paths)
        {
            run.Collect(path);
        }

        await run.ReadAllAsync(cancellationToken);
        var build = run.Builder.Build(complete);
        var problems = run.Problems.Concat(build.Problems.Select(problem => $"{problem.Source}: {(problem.Resource is { } name ? $"{name} is not understood: " : "")}{problem.Message}."));
        return new ExportResult(build, run.Files, run.Skipped, run.Bytes, problems.ToValueList());
    }

    private sealed class Run(EstateBuilder builder, IProgress<ExportProgress>? progress)
    {
        private readonly List<(string Path, bool Asked)> _found = [];
        private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
        private long _total;
        private long _reported;

        internal EstateBuilder Builder => builder;

        internal List<string> Problems { get; } = [];

        internal int Files { get; private set; }

        internal int Skipped { get; private set; }

        internal long Bytes { get; private set; }

        internal void Collect(string path)
        {
            if (File.Exists(path))
            {
                Found(path, asked: true);
            }
            else if (!Directory.Exists(path))
            {
                Problems.Add($"{path}: there is no such file or folder.");
            }
            else
            {
                var before = _found.Count;
                foreach (var file in Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
                {
                    Found(file, asked: false);
                }

                if (_found.Count == before)
                {
                    Problems.Add($"{path}: the folder holds no files.");
                }
            }
        }

        internal async Task ReadAllAsync(CancellationToken cancellationToken)
        {
            foreach (var (path, asked) in _found)
            {
                try
                {
                    await ReadFileAsync(path, asked || IsJson(path), cancellationToken);
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
                {
                    Problems.Add($"{path}: the file cannot be read: {e.Message.TrimEnd('.')}.");
                }

                Report(path, always: true);
            }
        }

        // The first line decides: a document of its own means a document per line; otherwise the whole file is one.
        private async Task ReadFileAsync(string path, bool mustBeJson, CancellationToken cancellationToken)
        {
            await using var lines = new LineReader(path);
            if (!await lines.NextAsync(cancellationToken))
            {
                Count(mustBeJson);
                if (mustBeJson)
                {
                    Problems.Add($"{path}: the file is empty.");
                }

                return;
            }

            if (lines.Line.Span[0] is not ((byte)'{' or (byte)'['))
            {
                Count(mustBeJson);
                if (mustBeJson)
                {
                    Problems.Add($"{path}: line {Number(lines.LineNumber)} is not JSON; an object or a list was expected.");
                }

                return;
            }

            if (TryAdd(lines.Line, $"{path}", out _))
            {
                Count(counts: true);
                await ReadLinesAsync(lines, path, cancellationToken);
                return;
            }

            var whole = await lines.RestAsync(cancellationToken);
            Bytes += whole.Length;
            Count(new WholeDocument(builder, path, Problems).Read(whole, mustBeJson));
        }

        private async Task ReadLinesAsync(LineReader lines, string path, CancellationToken cancellationToken)
        {
            var bad = 0;
            Bytes += lines.Line.Length + 1;
            while (await lines.NextAsync(cancellationToken))
            {
                Bytes += lines.Line.Length + 1;
                if (!TryAdd(lines.Line, $"{path}:{Number(lines.LineNumber)}", out var error) && ++bad <= ProblemsPerFile)
                {
                    Problems.Add(lines.IsLast
                        ? $"{path}: the file is cut off in line {Number(lines.LineNumber)}; the lines before it count."
                        : $"{path}: line {Number(lines.LineNumber)} is not JSON ({error}); the other lines count.");
                }

                Report(path, always: false);
            }

            if (bad > ProblemsPerFile)
            {
                Problems.Add($"{path}: {Number(bad - ProblemsPerFile)} more lines are not JSON.");
            }
        }

        private bool TryAdd(ReadOnlyMemory<byte> json, string source, out string? error)
        {
            try
            {
                using var document = JsonDocument.Parse(json);
                builder.Add(document.RootElement, source);
                error = null;
                return true;
            }
            catch (JsonException e)
            {
                error = JsonErrors.Shorten(e);
                return false;
            }
            catch (InvalidOperationException)
            {
                error = "a text in it is not Unicode";
                return false;
            }
        }

        private void Found(string path, bool asked)
        {
            if (_seen.Add(Path.GetFullPath(path)))
            {
                _found.Add((path, asked));
                _total += new FileInfo(path).Length;
            }
        }

        private void Count(bool counts)
        {
            Files += counts ? 1 : 0;
            Skipped += counts ? 0 : 1;
        }

        private void Report(string path, bool always)
        {
            if (always || Bytes - _reported >= ProgressStep)
            {
                _reported = Bytes;
                progress?.Report(new ExportProgress(path, Bytes, _total, builder.Added));
            }
        }

        private static bool IsJson(string path)
        {
            var name = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;
            return s_jsonExtensions.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase);
        }

        private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
    }
}
