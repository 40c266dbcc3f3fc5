using Auditor.Network;
using CsCheck;

namespace Auditor.Tests.Network;

/// <summary>The laws of sets, checked value by value on a type small enough to try every value.</summary>
public sealed class IntervalSetTests
{
    private static readonly Gen<IntervalSet<byte>> s_set =
        Gen.Select(Gen.Byte, Gen.Byte, (left, right) => new Interval<byte>(Math.Min(left, right), Math.Max(left, right))).Array[0, 6].Select(intervals => IntervalSet.Of(intervals));

    [Fact]
    public void Union_HoldsWhatEitherHolds() => Check((left, right, value) => left.Union(right).Contains(value) == (left.Contains(value) || right.Contains(value)));

    [Fact]
    public void Intersect_HoldsWhatBothHold() => Check((left, right, value) => left.Intersect(right).Contains(value) == (left.Contains(value) && right.Contains(value)));

    [Fact]
    public void Except_HoldsWhatOnlyTheFirstHolds() => Check((left, right, value) => left.Except(right).Contains(value) == (left.Contains(value) && !right.Contains(value)));

    [Fact]
    public void Complement_HoldsEverythingElse() => Check((left, _, value) => left.Complement().Contains(value) == !left.Contains(value));

    [Fact]
    public void EveryResult_IsCanonical() => Gen.Select(s_set, s_set).Sample((left, right) =>
    {
        foreach (var set in new[] { left, left.Union(right), left.Intersect(right), left.Except(right), left.Complement() })
        {
            for (var i = 0; i < set.Intervals.Count; i++)
            {
                Assert.True(set.Intervals[i].First <= set.Intervals[i].Last, $"{set} holds an empty interval.");
                Assert.True(i == 0 || set.Intervals[i - 1].Last + 1 < set.Intervals[i].First, $"{set} holds intervals that touch.");
            }
        }
    });

    [Fact]
    public void EqualSets_CompareEqual_HoweverTheyWereMade() => Gen.Select(s_set, s_set).Sample((left, right) =>
        left.Union(right) == right.Union(left)
        && left.Complement().Complement() == left
        && left.Except(right) == left.Intersect(right.Complement())
        && left.Contains(right) == (left.Union(right) == left)
        && left.Overlaps(right) == !left.Intersect(right).IsEmpty);

    [Fact]
    public void TheEndsOfTheType_AreOrdinaryValues()
    {
        Assert.Equal(IntervalSet.All<uint>(), IntervalSet.Of(0u, 5u).Union(IntervalSet.Of(6u, uint.MaxValue)));
        Assert.True(IntervalSet.All<UInt128>().Complement().IsEmpty);
        Assert.Equal(IntervalSet.All<ushort>(), default(IntervalSet<ushort>).Complement());
    }

    private static void Check(Func<IntervalSet<byte>, IntervalSet<byte>, byte, bool> holds) =>
        Gen.Select(s_set, s_set).Sample((left, right) => Enumerable.Range(0, 256).All(value => holds(left, right, (byte)value)));
}
