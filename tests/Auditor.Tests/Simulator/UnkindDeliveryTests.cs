using Auditor.Simulator.Entries;

namespace Auditor.Tests.Simulator;

public sealed class UnkindDeliveryTests
{
    private static readonly byte[][] s_sent = [.. Enumerable.Range(0, 200).Select(i => new[] { (byte)i })];

    [Fact]
    public void Of_RepeatsAndReorders()
    {
        var arrived = new UnkindDelivery(1).Of(s_sent);

        Assert.True(arrived.Count > 200);
        Assert.Equal(200, arrived.Distinct().Count());
        Assert.NotEqual(s_sent, arrived.Distinct());
    }

    [Fact]
    public void Of_Loses() => Assert.InRange(new UnkindDelivery(1, Lost: 0.5).Of(s_sent).Distinct().Count(), 60, 140);

    [Fact]
    public void Of_WithoutFaults_ChangesNothing() => Assert.Equal(s_sent, new UnkindDelivery(1, Repeated: 0, Late: 0).Of(s_sent));

    [Fact]
    public void Of_WithTheSameSeed_IsTheSame() => Assert.Equal(new UnkindDelivery(5).Of(s_sent), new UnkindDelivery(5).Of(s_sent));
}
