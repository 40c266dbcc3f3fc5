using Auditor.Rules.Connectors;
using static Auditor.Tests.Rules.Scene;

namespace Auditor.Tests.Rules.Connectors;

public sealed class ConnectorCanScaleTests : RuleTest<ConnectorCanScale>
{
    [Fact]
    public void Passes_WithTwoToFour() => Passes(TheConnector);

    [Fact]
    public void Passes_WhenNothingIsSaid() => Passes(TheConnector with { MinInstances = null, MaxInstances = null });

    [Fact]
    public void Passes_WhenGoogleEchoesThroughputBesideInstances() => Passes(TheConnector with { MinThroughput = 200, MaxThroughput = 400 });

    [Theory]
    [InlineData(1, 4, "its minimum of 1 instances is below 2")]
    [InlineData(2, 2, "its maximum of 2 instances is below 3")]
    [InlineData(3, 3, "its minimum of 3 instances leaves no room below its maximum of 3")]
    [InlineData(5, 4, "its minimum of 5 instances leaves no room below its maximum of 4")]
    public void Fails_WhenTheWindowIsTooSmall(int min, int max, string because) => Assert.Equal(because, Fails(TheConnector with { MinInstances = min, MaxInstances = max }));

    [Fact]
    public void Fails_WhenSizedByThroughputAlone() => Assert.Equal(
        "it is sized by throughput alone, without instances",
        Fails(TheConnector with { MinInstances = null, MaxInstances = null, MinThroughput = 200, MaxThroughput = 300 }));

    [Fact]
    public void Fails_NamingAWindowThatGoogleAccepts() => Assert.Equal(
        "gcloud compute networks vpc-access connectors update conn --region=europe-west1 --project=p1 --min-instances=3 --max-instances=4",
        Failed(TheConnector with { MinInstances = 3, MaxInstances = 3 }).Fix);
}
