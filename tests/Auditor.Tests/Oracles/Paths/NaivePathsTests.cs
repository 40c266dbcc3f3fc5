using System.Collections.Concurrent;
using CsCheck;

namespace Auditor.Tests.Oracles.Paths;

/// <summary>The oracle against what a person reads in Google's documentation, and what the random estates are made of.</summary>
public sealed class NaivePathsTests(ITestOutputHelper output)
{
    [Fact]
    public void RandomEstates_ShowEveryAnswer()
    {
        var seen = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        RandomPaths.Estate.Sample(
            estate =>
            {
                var paths = new NaivePaths(estate);
                foreach (var packet in new PathBoundaries(estate).Sample(new Random(estate.ToJsonString().Length), 150))
                {
                    var answer = paths.Answer(packet);
                    seen.AddOrUpdate($"{answer.Effect}", 1, (_, count) => count + 1);
                    seen.AddOrUpdate($"{answer.Effect} {answer.Stage} {answer.Reason}", 1, (_, count) => count + 1);
                }
            },
            iter: 300);
        foreach (var (what, count) in seen.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            output.WriteLine($"{count,7} {what}");
        }

        Assert.All(Enum.GetNames<Effect>(), effect => Assert.Contains(effect, seen.Keys));
    }
}
