using System.Globalization;
using System.Text.Json;
using Auditor.Findings;
using Auditor.Ledger;
using Auditor.Model;
using CsCheck;
using static Auditor.Tests.Adapters.Ledgers.Commits;

namespace Auditor.Tests.Ledger;

/// <summary>The fold of commits from a state on is the fold of all of them.</summary>
public sealed class StateFoldTests
{
    [Fact]
    public void State_IsTheSame_WhereverTheFoldIsTakenUpAgain() =>
        Gen.Select(Gen.Select(Gen.Int[0, 5], Gen.Bool, Gen.Int[0, 3]).Array[1, 20], Gen.Int[0, 20]).Sample((steps, at) =>
        {
            var commits = Chained(steps);
            var whole = new StateFold(LedgerState.Empty);
            var asOf = new AsOfFold(null, null);
            var first = new StateFold(LedgerState.Empty);
            StateFold? second = null;
            foreach (var commit in commits)
            {
                // Taken up only where no run is open.
                second ??= commit.Seq > at && (commit.Part?.First ?? commit.Seq) == commit.Seq ? new StateFold(first.State) : null;
                (second ?? first).Add(commit);
                whole.Add(commit);
                asOf.Add(commit);
            }

            Assert.Equal(Json(whole.State), Json((second ?? first).State));
            Assert.Equal(Json(asOf.State), Json(whole.State));
        });

    // Versions, absences, findings that open and close, coverage; some runs in parts, some of them cut off.
    private static List<Commit> Chained((int Resource, bool IsThere, int What)[] steps)
    {
        var commits = new List<Commit>();
        var numbers = new Dictionary<int, int>();
        var head = Head.None;
        foreach (var (resource, isThere, what) in steps)
        {
            var number = numbers.GetValueOrDefault(resource);
            var name = Named(resource);
            var whole = After(head, new Lease("test", 1, Noon)) with
            {
                Resources = [Version(Named(resource + 1), "{}"), Version(name, isThere ? string.Create(CultureInfo.InvariantCulture, $$"""{"n":{{head.Seq}}}""") : null)],
                Coverage = what == 1 ? new Coverage([$"p{resource}"], []) : null,
                Transitions = [Opened with { FindingId = Finding.IdOf("CON001", name, ""), Resource = name, Number = number, Kind = number % 2 == 1 ? TransitionKind.Resolved : number == 0 ? TransitionKind.Opened : TransitionKind.Reopened, Reason = number % 2 == 1 ? ResolveReason.Fixed : null }],
            };
            var parts = CommitParts.Split(whole, what >= 2 ? new CommitBounds(1, 100_000) : CommitBounds.Default);
            commits.AddRange(what == 3 ? parts.SkipLast(1) : parts);
            numbers[resource] = what == 3 ? number : number + 1;
            head = new Head(commits[^1].Seq, 1, commits[^1].Hash);
        }

        return commits;
    }

    private static string Json(LedgerState state) => JsonSerializer.Serialize(new { state.Head, state.Resources, state.Coverage, Findings = state.Findings.OrderBy(pair => pair.Key, StringComparer.Ordinal) }, LedgerJson.Options);

    private static ResourceName Named(int i) => ResourceName.Of(ResourceKind.Network, "p1", string.Create(CultureInfo.InvariantCulture, $"net-{i:D3}"));
}
