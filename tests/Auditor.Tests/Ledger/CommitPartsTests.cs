using Auditor.Ledger;
using Auditor.Model;
using Auditor.Tests.Adapters.Ledgers;
using CsCheck;

namespace Auditor.Tests.Ledger;

/// <summary>How an outcome is cut, and which commits count.</summary>
public sealed class CommitPartsTests
{
    private static readonly Lease s_lease = new("test", 3, Commits.Noon);

    private static readonly Gen<(Commit Whole, CommitBounds Bounds)> s_outcomes = Gen.Select(Gen.Int[0, 9], Gen.Int[0, 9], Gen.Int[0, 4], Gen.Int[0, 5], Gen.Int[1, 12], Gen.Int[1, 6000])
        .Select((resources, transitions, alerts, consumed, documents, bytes) => (
            Commits.After(new Head(41, 2, "before"), s_lease) with
            {
                Resources = Numbered(resources, i => Commits.Version(ResourceName.Of(ResourceKind.Connector, "p1", "europe-west1", $"s{i}"), $$"""{"text":"{{new string('x', i * 100)}}"}""")),
                Transitions = Numbered(transitions, i => Commits.Opened with { FindingId = $"f{i}" }),
                Outbox = Numbered(alerts, i => Commits.Owed($"a{i}")),
                Consumed = Numbered(consumed, i => $"k{i}"),
                Changes = Numbered(consumed, i => Commits.Change($"k{i}", Commits.Noon)),
                Coverage = consumed % 2 == 0 ? Coverage.None : null,
            },
            new CommitBounds(documents, bytes)));

    [Fact]
    public void Split_LosesNothing_KeepsTheOrder_AndTheBounds() => s_outcomes.Sample(outcome =>
    {
        var (whole, bounds) = outcome;
        var parts = CommitParts.Split(whole, bounds);
        Assert.Equal(whole.Resources, parts.SelectMany(part => part.Resources).ToValueList());
        Assert.Equal(whole.Transitions, parts.SelectMany(part => part.Transitions).ToValueList());
        Assert.Equal(whole.Outbox, parts.SelectMany(part => part.Outbox).ToValueList());
        Assert.Equal((whole.Consumed, whole.Changes, whole.Coverage), (parts[^1].Consumed, parts[^1].Changes, parts[^1].Coverage));
        Assert.All(parts.SkipLast(1), part => Assert.True(part.Consumed.IsEmpty && part.Changes.IsEmpty && part.Coverage is null));
        Assert.Equal(Enumerable.Range(0, parts.Count).Select(i => whole.Seq + i), parts.Select(part => part.Seq));
        Assert.Equal(parts.SkipLast(1).Select(part => part.Hash).Prepend("before"), parts.Select(part => part.PreviousHash));
        Assert.All(parts, part => Assert.True(part.Resources.Count + part.Transitions.Count + part.Outbox.Count <= 1 || IsWithin(part, bounds)));
    });

    [Fact]
    public void Split_OfWhatIsSmallEnough_IsTheSame()
    {
        var whole = Commits.Full(Head.None, s_lease);
        Assert.Same(whole, Assert.Single(CommitParts.Split(whole, CommitBounds.Default)));
        Assert.DoesNotContain("part", System.Text.Encoding.UTF8.GetString(whole.ToBytes()), StringComparison.Ordinal);
    }

    /// <summary>Runs of one to four parts, some of them cut off: what is let through are all parts of those that were not.</summary>
    [Fact]
    public void RunGate_LetsThroughWhatCameToItsEnd() => Gen.Select(Gen.Int[1, 4], Gen.Bool).List[0, 12].Sample(runs =>
    {
        var gate = new RunGate();
        var (seq, through, expected) = (1L, new List<long>(), new List<long>());
        foreach (var (length, isCutOff) in runs)
        {
            var first = seq;
            var parts = Enumerable.Range(0, length).Select(i => Commits.After(new Head(first + i - 1, 1, ""), s_lease) with { Part = length == 1 ? null : new CommitPart(first, i == length - 1) });
            foreach (var part in isCutOff && length > 1 ? parts.SkipLast(1) : parts)
            {
                through.AddRange(gate.Add(part).Select(commit => commit.Seq));
                seq++;
            }

            expected.AddRange(isCutOff && length > 1 ? [] : Enumerable.Range(0, length).Select(i => first + i));
        }

        Assert.Equal(expected, through);
    });

    private static ValueList<T> Numbered<T>(int count, Func<int, T> make) => Enumerable.Range(0, count).Select(make).ToValueList();

    private static bool IsWithin(Commit part, CommitBounds bounds) =>
        part.Resources.Count + (2 * part.Transitions.Count) + part.Outbox.Count + part.Consumed.Count + (part.Coverage is null ? 0 : 1) <= bounds.Documents && part.ToBytes().Length <= bounds.Bytes;
}
