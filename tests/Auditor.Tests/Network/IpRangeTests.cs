using System.Globalization;
using System.Net;
using Auditor.Network;
using CsCheck;

namespace Auditor.Tests.Network;

public sealed class IpRangeTests
{
    private static readonly Gen<IpRange> s_v4 = Gen.Select(Gen.Byte.Array[4], Gen.Int[0, 32], (bytes, prefix) => IpRange.Parse(string.Create(CultureInfo.InvariantCulture, $"{new IPAddress(bytes)}/{prefix}")));
    private static readonly Gen<IpRange> s_v6 = Gen.Select(Gen.Byte.Array[16], Gen.Int[0, 128], (bytes, prefix) => IpRange.Parse(string.Create(CultureInfo.InvariantCulture, $"{new IPAddress(bytes)}/{prefix}")));
    private static readonly Gen<IpRange> s_any = Gen.OneOf(s_v4, s_v6);

    [Fact]
    public void Parse_ToString_RoundTrips() => s_any.Sample(range => Assert.Equal(range, IpRange.Parse(range.ToString())));

    [Fact]
    public void Overlaps_IsContainsOneWayOrTheOther() => Gen.Select(s_any, s_any).Sample((left, right) =>
    {
        Assert.Equal(left.Contains(right) || right.Contains(left), left.Overlaps(right));
        Assert.Equal(left.Overlaps(right), right.Overlaps(left));
    });

    [Fact]
    public void First_HasNoHostBits() => s_v4.Sample(range => Assert.Equal(UInt128.One << (32 - range.PrefixLength), range.Last - range.First + 1));

    [Theory]
    [InlineData("")]
    [InlineData("10.8.0")]
    [InlineData("10.8.0.0/33")]
    [InlineData("10.8.0.0/")]
    [InlineData("10.8.0.0/-1")]
    [InlineData("main")]
    public void TryParse_Nonsense_IsNull(string text) => Assert.Null(IpRange.TryParse(text));
}
