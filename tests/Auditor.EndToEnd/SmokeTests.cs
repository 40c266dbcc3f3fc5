namespace Auditor.Tests;

public sealed class SmokeTests
{
    [Fact]
    public void Adds() => Assert.Equal(2, 1 + 1);

    [Fact(Skip = "x")]
    public void Skipped() => Assert.Equal(2, 1 + 1);
}
