using Auditor.Network;
using CsCheck;

namespace Auditor.Tests.Network;

public sealed class AddressSetTests
{
    private static readonly Gen<IpRange> s_range = Gen.OneOf(
        Gen.Select(Gen.UInt, Gen.Int[0, 32], (address, prefix) => IpRange.Of(false, address, prefix)),
        Gen.Select(Gen.ULong, Gen.ULong, Gen.Int[0, 128], (high, low, prefix) => IpRange.Of(true, new UInt128(high, low), prefix)));

    /// <summary>Two allows of a /29 each cover a /28, which tools that compare range by range do not see.</summary>
    [Fact]
    public void TwoHalves_AreTheWhole() => Assert.Equal(Set("10.8.0.0/28"), Set("10.8.0.0/29", "10.8.0.8/29"));

    [Fact]
    public void TheSplitInternet_IsTheInternet() => Assert.Equal(Set("0.0.0.0/0"), Set("0.0.0.0/1", "128.0.0.0/1"));

    [Theory]
    [InlineData("10.8.0.2/31", "10.8.0.2/31")]
    [InlineData("10.8.0.2/31 10.8.0.13", "10.8.0.0/28")]
    [InlineData("10.8.0.2 192.168.0.1", "0.0.0.0/0")]
    [InlineData("10.8.0.2", "10.8.0.2/32")]
    public void TheEnclosingBlock_IsTheSmallestThatHoldsAll(string ranges, string expected) => Assert.Equal(IpRange.Parse(expected), Set(ranges.Split(' ')).EnclosingV4);

    [Fact]
    public void Families_StayApart()
    {
        Assert.False(Set("0.0.0.0/0").Overlaps(Set("::/0")));
        Assert.Equal(AddressSet.All, Set("0.0.0.0/0", "::/0"));
        Assert.Equal(Set("::/0"), Set("0.0.0.0/0").Complement());
    }

    [Fact]
    public void Except_LeavesTheFewestBlocks() => Assert.Equal("10.8.0.0/31, 10.8.0.3/32, 10.8.0.4/30, 10.8.0.8/29", Set("10.8.0.0/28").Except(Set("10.8.0.2")).ToString());

    [Fact]
    public void ToRanges_GivesTheSetBack_AndTheFewestBlocks() => s_range.Array[0, 6].Sample(ranges =>
    {
        var set = AddressSet.Of(ranges);
        var blocks = set.ToRanges().ToList();
        return AddressSet.Of(blocks) == set && blocks.Order().SequenceEqual(blocks) && blocks.Zip(blocks.Skip(1)).All(pair => !Siblings(pair.First, pair.Second));
    });

    [Fact]
    public void Contains_IsTheSameForSetsAndBlocks() => Gen.Select(s_range.Array[0, 4], s_range).Sample((ranges, range) =>
        AddressSet.Of(ranges).Contains(range) == AddressSet.Of(ranges).Contains(AddressSet.Of(range))
        && AddressSet.Of(ranges).Union(AddressSet.Of(range)).Contains(range)
        && !AddressSet.Of(ranges).Except(AddressSet.Of(range)).Overlaps(AddressSet.Of(range)));

    // Two blocks that make one of the next width.
    private static bool Siblings(IpRange left, IpRange right) =>
        left.IsV6 == right.IsV6 && left.PrefixLength == right.PrefixLength && left.PrefixLength > 0
        && IpRange.Of(left.IsV6, left.First, left.PrefixLength - 1) == IpRange.Of(left.IsV6, right.First, left.PrefixLength - 1);

    private static AddressSet Set(params string[] ranges) => AddressSet.Of(ranges.Select(IpRange.Parse));
}
