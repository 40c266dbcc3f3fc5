using System.Text.Json;
using Auditor.Findings;
using Auditor.Ledger;
using CsCheck;
using static Auditor.Tests.Adapters.Ledgers.Commits;
using static Auditor.Tests.Rules.Scene;

namespace Auditor.Tests.Ledger;

/// <summary>What was so, and what was known: the two axes of history.</summary>
public sealed class AsOfFoldTests
{
    private static readonly Transition s_resolvedWithin = Resolved with { Occurred = new Occurrence(Noon.AddMinutes(30), Noon.AddMinutes(10)) };

    // Opened at noon and recorded a second later; resolved between ten past and half past, recorded at half past and a second.
    private static readonly Commit[] s_story = Chained(
        (Noon.AddSeconds(1), [Opened]),
        (Noon.AddMinutes(30).AddSeconds(1), [s_resolvedWithin]));

    [Theory]
    [InlineData(-1, null, "nothing")]
    [InlineData(0, null, "open")]
    [InlineData(10, null, "open")]
    [InlineData(20, null, "open, resolved perhaps")]
    [InlineData(30, null, "resolved")]
    [InlineData(null, null, "resolved")]
    [InlineData(0, -1, "nothing")]
    [InlineData(0, 0, "nothing")]
    [InlineData(20, 20, "open")]
    [InlineData(40, 20, "open")]
    [InlineData(40, 30, "open")]
    [InlineData(20, 31, "open, resolved perhaps")]
    [InlineData(40, 31, "resolved")]
    public void TheAnswer_DependsOnBothTimes(int? at, int? knownAt, string expected)
    {
        var fold = Fold(s_story, at is { } a ? Noon.AddMinutes(a) : null, knownAt is { } k ? Noon.AddMinutes(k) : null);
        var finding = fold.State.Findings.Values.SingleOrDefault();
        Assert.Equal(
            expected,
            (finding is null ? "nothing" : finding.IsOpen ? "open" : "resolved") + (fold.Undecided is [var next] ? $", {next.Kind.ToString().ToLowerInvariant()} perhaps" : ""));
    }

    [Fact]
    public void BeforeTheBaseline_NothingIsSure()
    {
        var found = Opened with { Occurred = new Occurrence(Noon, null), Cause = Cause.Of(CauseKind.Baseline) };
        var fold = Fold(Chained((Noon, [found])), Noon.AddDays(-30), null);
        Assert.Equal([found], fold.Undecided);
        Assert.Empty(fold.State.Findings);
        Assert.Equal(Noon, fold.Begins);
    }

    /// <summary>A sweep saw at 12:10 what a late event dates to 12:05 as resolved: it was never open before it was opened.</summary>
    [Fact]
    public void ATransition_TakesNoEffectBeforeTheOneItFollows()
    {
        var commits = Chained(
            (Noon.AddMinutes(10), [Opened with { Occurred = new Occurrence(Noon.AddMinutes(10), Noon) }]), (Noon.AddMinutes(11), [Resolved with { Occurred = Occurrence.At(Noon.AddMinutes(5)) }]));
        Assert.Empty(Fold(commits, Noon.AddMinutes(7), null).State.Findings);
        Assert.False(Fold(commits, Noon.AddMinutes(10), null).State.Findings.Values.Single().IsOpen);
    }

    [Fact]
    public void Resources_AreThoseLastReadByThen()
    {
        Commit[] commits =
        [
            .. Chained((Noon, []), (Noon.AddHours(1), [])).Select((commit, i) => commit with
            {
                Resources = [new ResourceVersion(ConnectorName, JsonElement.Parse($$"""{"number":{{i}}}"""), Noon.AddHours(i).AddMinutes(-1), null)],
                Coverage = new Coverage([$"p{i}"], []),
            }),
        ];
        Assert.Equal("""[{"number":0}] [p0]""", Show(Noon));
        Assert.Equal("""[{"number":0}] [p0]""", Show(Noon.AddMinutes(58)));
        Assert.Equal("""[{"number":1}] [p0]""", Show(Noon.AddMinutes(59)));
        Assert.Equal("""[{"number":1}] [p1]""", Show(null));
        Assert.Equal("[] []", Show(Noon.AddMinutes(-2)));

        string Show(DateTimeOffset? at)
        {
            var state = Fold(commits, at, null).State;
            return $"[{string.Join(", ", state.Resources.Select(version => version.Json!.Value.GetRawText()))}] {state.Coverage.Projects}";
        }
    }

    /// <summary>Whatever is recorded later, by whichever clock: an answer as it was known then stays.</summary>
    [Fact]
    public void ALaterCommit_NeverChangesAnAnswerForAnEarlierMoment() => Gen.Select(Histories(), Gen.Int[0, 30], Gen.Int[-5, 65], Gen.Int[-5, 65]).Sample(sample =>
    {
        var (commits, count, at, knownAt) = sample;
        var known = commits[..Math.Min(count, commits.Length)];
        if (known.Any(commit => commit.RecordedAt > Noon.AddMinutes(knownAt)))
        {
            Assert.Equal(Show(Fold(known, Noon.AddMinutes(at), Noon.AddMinutes(knownAt))), Show(Fold(commits, Noon.AddMinutes(at), Noon.AddMinutes(knownAt))));
        }
    });

    /// <summary>Without bounds, and at the end of all times, it is what folding one transition after the other gives.</summary>
    [Fact]
    public void Now_IsTheProjection() => Histories().Sample(commits =>
    {
        var findings = new Dictionary<string, Finding>(StringComparer.Ordinal);
        foreach (var transition in commits.SelectMany(commit => commit.Transitions))
        {
            findings[transition.FindingId] = Finding.Apply(findings.GetValueOrDefault(transition.FindingId), transition);
        }

        foreach (DateTimeOffset? end in new[] { DateTimeOffset.MaxValue, (DateTimeOffset?)null })
        {
            var state = Fold(commits, end, end).State;
            Assert.Equal(findings.OrderBy(pair => pair.Key, StringComparer.Ordinal), state.Findings.OrderBy(pair => pair.Key, StringComparer.Ordinal));
            Assert.Equal(commits.LastOrDefault()?.Seq ?? 0, state.Head.Seq);
        }
    });

    // Up to four findings that open, resolve and regress, seen by clocks that are minutes apart.
    private static Gen<Commit[]> Histories() => Gen.Select(Gen.Int[0, 3], Gen.Int[0, 60], Gen.Int[0, 20], Gen.Int[0, 60]).List[0, 12].Select(steps =>
    {
        var numbers = new int[4];
        return Chained([.. steps.Select(step =>
        {
            var (finding, occurred, width, recorded) = step;
            var number = numbers[finding]++;
            var kind = number == 0 ? TransitionKind.Opened : number % 2 == 1 ? TransitionKind.Resolved : TransitionKind.Reopened;
            var transition = Opened with
            {
                FindingId = $"f{finding}",
                Number = number,
                Kind = kind,
                Reason = kind == TransitionKind.Resolved ? ResolveReason.Fixed : null,
                Occurred = new Occurrence(Noon.AddMinutes(occurred), width == 0 ? null : Noon.AddMinutes(occurred - width + 1)),
            };
            return (Noon.AddMinutes(recorded), (Transition[])[transition]);
        })]);
    });

    private static Commit[] Chained(params (DateTimeOffset RecordedAt, Transition[] Transitions)[] steps)
    {
        var lease = new Lease("test", 1, Noon);
        var commits = new List<Commit>();
        foreach (var (recordedAt, transitions) in steps)
        {
            var head = commits.Count == 0 ? Head.None : new Head(commits[^1].Seq, 1, commits[^1].Hash);
            commits.Add(After(head, lease) with { RecordedAt = recordedAt, Transitions = [.. transitions] });
        }

        return [.. commits];
    }

    private static AsOfFold Fold(IEnumerable<Commit> commits, DateTimeOffset? at, DateTimeOffset? knownAt)
    {
        var fold = new AsOfFold(at, knownAt);
        _ = commits.TakeWhile(fold.Add).Count();
        return fold;
    }

    private static string Show(AsOfFold fold) => JsonSerializer.Serialize(
        new { fold.State.Head, Findings = fold.State.Findings.Values.OrderBy(finding => finding.Id, StringComparer.Ordinal), fold.Undecided, fold.Begins }, LedgerJson.Options);
}
