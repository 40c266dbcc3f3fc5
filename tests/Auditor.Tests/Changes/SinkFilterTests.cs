using System.Text.RegularExpressions;
using Auditor.Changes;

namespace Auditor.Tests.Changes;

public sealed class SinkFilterTests
{
    [Fact]
    public void Text_FitsASink()
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"{SinkFilter.Text.Length} characters, {SinkFilter.Clauses.Length} clauses");
        Assert.InRange(SinkFilter.Text.Length, 1, SinkFilter.LongestText);
    }

    [Fact]
    public void Text_IsPairsOfServiceAndMethod()
    {
        Assert.StartsWith("log_id(\"cloudaudit.googleapis.com/activity\") AND (\n  (protoPayload.serviceName=\"compute.googleapis.com\" AND protoPayload.methodName=~\"^", SinkFilter.Text, StringComparison.Ordinal);
        Assert.Contains("  OR (protoPayload.serviceName=\"cloudsql.googleapis.com\" AND protoPayload.methodName=~\"^cloudsql[.]instances[.](?:create|update|", SinkFilter.Text, StringComparison.Ordinal);
        Assert.EndsWith(")\n)\n", SinkFilter.Text, StringComparison.Ordinal);
        Assert.Equal(SinkFilter.Text.Count(letter => letter == '('), SinkFilter.Text.Count(letter => letter == ')'));
    }

    [Fact]
    public void Text_DeliversEveryMethodOfTheTable() =>
        Assert.Empty(ChangeTableTests.Methods.Where(pair => !Delivers(pair.Row.Service, pair.Method)).Select(pair => pair.Method));

    [Fact]
    public void Text_IsPlainRe2() => Assert.All(SinkFilter.Clauses, clause => Assert.Matches(@"^\^(?:[A-Za-z0-9\[\].|+*$-]|\(\?:|\)\??)+\$$", clause.Expression));

    [Theory]
    [InlineData("appengine.googleapis.com", "google.appengine.v1.Firewall.CreateIngressRule")]
    [InlineData("appengine.googleapis.com", "google.appengine.v1.Firewall.BatchUpdateIngressRules")]
    [InlineData("compute.googleapis.com", "v1.compute.instances.setMetadata")]
    [InlineData("compute.googleapis.com", "v1.compute.instances.setLabels")]
    [InlineData("compute.googleapis.com", "v1.compute.disks.insert")]
    [InlineData("compute.googleapis.com", "v1.compute.images.delete")]
    [InlineData("compute.googleapis.com", "v1.compute.projects.setCommonInstanceMetadata")]
    [InlineData("storage.googleapis.com", "storage.buckets.create")]
    [InlineData("storage.googleapis.com", "v1.compute.firewalls.insert")]
    [InlineData("run.googleapis.com", "google.cloud.run.v2.Jobs.RunJob")]
    [InlineData("cloudsql.googleapis.com", "cloudsql.users.create")]
    [InlineData("cloudsql.googleapis.com", "cloudsql.backupRuns.create")]
    [InlineData("iam.googleapis.com", "google.iam.admin.v1.CreateServiceAccountKey")]
    [InlineData("logging.googleapis.com", "google.logging.v2.ConfigServiceV2.CreateBucket")]
    public void Text_LeavesLookAlikesOut(string service, string method) => Assert.False(Delivers(service, method));

    [Theory]
    [InlineData("compute.googleapis.com", "v1.compute.networkFirewallPolicies.addPacketMirroringRule")]
    [InlineData("compute.googleapis.com", "compute.instanceGroupManagers.insert")]
    [InlineData("cloudresourcemanager.googleapis.com", "SetIamPolicy")]
    public void Text_DeliversWhatTheTableTakesUnlisted(string service, string method)
    {
        Assert.True(Delivers(service, method));
        Assert.NotNull(ChangeTable.Find(service, method));
    }

    // RE2 and .NET agree on what the expressions are made of.
    private static bool Delivers(string service, string method) =>
        SinkFilter.Clauses.Any(clause => clause.Service == service && Regex.IsMatch(method, clause.Expression, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)));
}
