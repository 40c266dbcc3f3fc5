using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;
using Auditor.Model;

namespace Auditor.Tests.Corpus;

/// <summary>Every recorded resource of a covered kind is parsed: each modelled field that is present in the input is present in the record.</summary>
public sealed partial class AssetCorpusTests(ITestOutputHelper output)
{
    private static readonly ImmutableDictionary<string, string> s_noNumbers = ImmutableDictionary<string, string>.Empty;
    private static readonly Lazy<Recorded> s_recorded = new(() => Recorded.Read(CorpusFolder.Find()!));

    [Fact]
    public void EveryRecordedResourceIsUnderstood()
    {
        CorpusFolder.Require();
        foreach (var kind in s_recorded.Value.Resources.GroupBy(item => item.Name.Kind).OrderBy(group => group.Key))
        {
            output.WriteLine($"{kind.Key,-22}{kind.Count(),5} descriptions of {kind.Select(item => item.Name).Distinct().Count(),4} resources");
        }

        output.WriteLine($"{s_recorded.Value.Documents} documents, {s_recorded.Value.Resources.Count} descriptions; not modelled: {s_recorded.Value.NotModelled}");
        var problems = s_recorded.Value.Resources
            .Select(item => (item, ResourceParser.Parse(item.Name, item.Json, s_noNumbers).Problem))
            .Where(pair => pair.Problem is not null)
            .Select(pair => $"{pair.item.Source} {pair.item.Name}: {pair.Problem}")
            .Concat(s_recorded.Value.Problems);
        Approve("not-understood.approved.txt", problems);
    }

    [Fact]
    public void TypesLeftOutAreKnown()
    {
        CorpusFolder.Require();
        Approve("not-modelled.approved.txt", s_recorded.Value.Types);
    }

    [Fact]
    public void TrimmedJsonGivesTheSameRecord()
    {
        CorpusFolder.Require();
        Assert.All(s_recorded.Value.Parsed, item =>
        {
            var again = ResourceParser.Parse(item.Name, JsonElement.Parse(item.Parsed.CanonicalJson!), s_noNumbers, keepJson: true);
            Assert.Equal(item.Parsed.Resource, again.Resource);
            Assert.Equal(item.Parsed.CanonicalJson, again.CanonicalJson);
        });
    }

    [Fact]
    public void EveryKeptFieldIsInTheRecord()
    {
        CorpusFolder.Require();
        var (leaves, lost) = (0, new SortedSet<string>(StringComparer.Ordinal));
        foreach (var (name, _, _, parsed) in s_recorded.Value.Parsed.DistinctBy(item => (item.Name.Kind, Convert.ToHexString(item.Parsed.CanonicalJson!))))
        {
            foreach (var (path, changed) in JsonPaths.Mutations(JsonElement.Parse(parsed.CanonicalJson!)))
            {
                leaves++;
                if (changed.All(json => ResourceParser.Parse(name, json, s_noNumbers) is { Problem: null, Resource: var other } && Equals(other, parsed.Resource)))
                {
                    lost.Add($"{name} {path}");
                }
            }
        }

        output.WriteLine($"{leaves} leaves changed one at a time");
        Assert.Empty(lost);
    }

    [Fact]
    public void UnmodelledFieldsAreApproved()
    {
        CorpusFolder.Require();
        Approve("unmodelled-paths.approved.txt", s_recorded.Value.Parsed.SelectMany(item =>
        {
            var kept = JsonPaths.Leaves(JsonElement.Parse(item.Parsed.CanonicalJson!)).ToHashSet(StringComparer.OrdinalIgnoreCase);
            return JsonPaths.Leaves(item.Json).Where(path => !kept.Contains(path)).Select(path => $"{item.Name.Kind} {Pattern(path)}");
        }));
    }

    // Indexes and the keys of free maps say nothing about the shape.
    private static string Pattern(string path) => FreeKeys().Replace(Index().Replace(path, "[]"), "${map}.*");

    [GeneratedRegex(@"\[\d+\]", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Index();

    [GeneratedRegex(@"(?<map>\b(labels|resourceLabels|envVariables|environmentVariables|betaSettings|limits|redisConfigs|nodeSelector|allocations|fqdns))\..*$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex FreeKeys();

    // With AUDITOR_APPROVE=1 the list is written anew; read the diff.
    private static void Approve(string file, IEnumerable<string> lines)
    {
        var path = Path.Combine(Conventions.Repository.Root, "tests", "Auditor.Tests", "Corpus", file);
        var found = lines.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();

        // A comment after two spaces and # gives the reason.
        var approved = (File.Exists(path) ? File.ReadAllLines(path) : []).ToDictionary(line => line.Split("  #")[0].TrimEnd(), StringComparer.Ordinal);
        if (Environment.GetEnvironmentVariable("AUDITOR_APPROVE") == "1")
        {
            File.WriteAllLines(path, found.Select(line => approved.GetValueOrDefault(line, line)));
            return;
        }

        var news = found.Where(line => !approved.ContainsKey(line)).ToList();
        Assert.True(news.Count == 0, $"{news.Count} lines are not in {file}:\n{string.Join('\n', news.Take(60))}");
    }

    private sealed record Found(ResourceName Name, JsonElement Json, string Source, ParsedResource Parsed);

    private sealed record Recorded(int Documents, int NotModelled, List<Found> Resources, List<string> Problems, List<string> Types)
    {
        internal IEnumerable<Found> Parsed => Resources.Where(item => item.Parsed.Problem is null);

        internal static Recorded Read(string root)
        {
            var found = new List<Found>();
            var documents = 0;
            var builder = new EstateBuilder
            {
                Found = (name, json, source) => found.Add(new Found(name, json.Clone(), source, ResourceParser.Parse(name, json, s_noNumbers, keepJson: true))),
            };
            foreach (var (source, json, hint) in CorpusDocuments.All(root))
            {
                documents++;
                builder.Add(json, source, hint);
            }

            var build = builder.Build();
            return new Recorded(
                documents,
                builder.NotModelled,
                found,
                build.Problems.Where(problem => problem.Resource is null).Select(problem => $"{problem.Source}: {problem.Message}").ToList(),
                build.NotModelled.Select(type => type.Type).ToList());
        }
    }
}
