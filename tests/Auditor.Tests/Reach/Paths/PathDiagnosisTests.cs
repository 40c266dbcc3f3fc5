using Auditor.Model;
using Auditor.Network;
using Auditor.Reach.Paths;

namespace Auditor.Tests.Reach.Paths;

public sealed class PathDiagnosisTests
{
    private const string Vm = "\"status\":\"RUNNING\",\"tags\":{\"items\":[\"db\"]}";

    [Fact]
    public void ABlockedPath_NamesTheFirstCheckThatFails_AndARuleThatOpensJustIt()
    {
        var here = new PathCase().Subnetwork("apps", "10.1.0.0/16").Machine("db", "10.1.0.5", Vm).Machine("other", "10.1.0.6", Vm)
            .Rule("deny", """ "priority":900,"sourceRanges":["10.8.0.0/28"],"denied":[{"IPProtocol":"all"}] """)
            .Rule("internal", """ "priority":65534,"sourceRanges":["10.1.0.0/16"],"allowed":[{"IPProtocol":"all"}] """);
        var diagnosis = Of(here, "db");
        Assert.Equal(["the connector is ready Ok", "the connector is in the workload's region Ok", "firewall rules let the packets pass Fails"], diagnosis.Checks.Select(check => $"{check.Question} {check.Outcome}"));
        Assert.Equal("FIREWALL_RULE by firewall rule deny (priority 900)", diagnosis.Checks[^1].Answer);
        Assert.True(diagnosis.IsSpecificToConnector);
        Assert.True(diagnosis.Repair!.Helps);
        Assert.Empty(diagnosis.Repair.OpensMore);
        Assert.Equal(
            "gcloud compute firewall-rules create allow-conn-to-db-in --project=shop --network=main --direction=INGRESS --priority=899 --action=ALLOW --rules=tcp:5432 --source-ranges=10.8.0.0/28 --destination-ranges=10.1.0.5/32",
            PathRepair.Gcloud(Assert.Single(diagnosis.Repair.Rules)));
        Assert.Contains("destination_ranges = [\"10.1.0.5/32\"]", PathRepair.Terraform(diagnosis.Repair.Rules[0]), StringComparison.Ordinal);
        Assert.Equal(
            "gcloud network-management connectivity-tests create audit-shop --project=shop --source-cloud-run-revision=projects/shop/locations/europe-west1/revisions/REVISION --destination-ip-address=10.1.0.5 --destination-port=5432 --protocol=TCP",
            diagnosis.ConnectivityTest());
    }

    [Fact]
    public void BothSidesBlocked_NeedTwoRules()
    {
        var repair = Of(new PathCase().Subnetwork("apps", "10.1.0.0/16").Machine("db", "10.1.0.5", Vm)
            .Rule("deny-out", """ "priority":10,"direction":"EGRESS","destinationRanges":["10.0.0.0/8"],"denied":[{"IPProtocol":"all"}] """)
            .Rule("deny-in", """ "priority":20,"sourceRanges":["10.8.0.0/28"],"denied":[{"IPProtocol":"all"}] """), "db").Repair!;
        Assert.Equal(["EGRESS 9".ToLowerInvariant(), "ingress 19"], repair.Rules.Select(rule => $"{rule.Direction.ToString().ToLowerInvariant()} {rule.Priority}"));
        Assert.True(repair.Helps);
    }

    [Fact]
    public void AHierarchicalDeny_MustChangeItself()
    {
        var repair = Of(new PathCase().Subnetwork("apps", "10.1.0.0/16").Machine("db", "10.1.0.5", Vm)
            .With("""{"name":"7","shortName":"org-7","selfLink":"https://www.googleapis.com/compute/v1/locations/global/firewallPolicies/7","parent":"organizations/9","associations":[{"name":"a","attachmentTarget":"organizations/9"}],"rules":[{"priority":5,"action":"deny","direction":"INGRESS","match":{"srcIpRanges":["10.8.0.0/28"],"layer4Configs":[{"ipProtocol":"tcp","ports":["5432"]}]}}]}"""), "db").Repair!;
        Assert.Empty(repair.Rules);
        Assert.Equal("no VPC rule can open it: firewall policy rule org-7/5 must change", repair.MustChange);
    }

    [Fact]
    public void ACauseThatIsNoRule_HasNoRuleToFixIt()
    {
        var diagnosis = Of(new PathCase().Sql(settings: "\"activationPolicy\":\"NEVER\"").Subnetwork("apps", "10.1.0.0/16"), "orders");
        Assert.Equal(("the target runs and takes them", PathCheckOutcome.Fails), (diagnosis.Checks[^1].Question, diagnosis.Checks[^1].Outcome));
        Assert.False(diagnosis.IsSpecificToConnector);
        Assert.Null(diagnosis.Repair);
    }

    [Fact]
    public void AnOpenPath_PassesEveryCheck()
    {
        var diagnosis = Of(new PathCase().Subnetwork("apps", "10.1.0.0/16").Machine("db", "10.1.0.5", Vm), "db");
        Assert.Equal(8, diagnosis.Checks.Count);
        Assert.DoesNotContain(diagnosis.Checks, check => check.Outcome is PathCheckOutcome.Fails or PathCheckOutcome.Unknown);
        Assert.Null(diagnosis.IsSpecificToConnector);
    }

    [Theory]
    [InlineData("chekout", "--from is 'chekout', which is no workload here; did you mean checkout.")]
    [InlineData("zzz", "--from is 'zzz', which is no workload here; there are checkout, orders.")]
    [InlineData("orders", "--from is 'orders', which is more than one workload: a/orders, b/orders.")]
    public void AName_ThatMeansNothingOrTooMuch_SaysWhatThereIs(string text, string expected) => Assert.Equal(expected, Assert.Throws<FormatException>(() =>
        NameSearch.Find(["//x/a/checkout", "//x/a/orders", "//x/b/orders"], text, "workload", "--from", name => name[(name.LastIndexOf('/') + 1)..], name => name)).Message);

    [Fact]
    public void ALongerEndOfTheName_IsEnough() =>
        Assert.Equal(["//x/b/orders"], NameSearch.Find(["//x/a/orders", "//x/b/orders"], "b/orders", "workload", "--from", name => name[(name.LastIndexOf('/') + 1)..], name => name));

    private static PathDiagnosis Of(PathCase here, string to)
    {
        var estate = here.Estate;
        var view = new EstateView(estate, default);
        var source = Assert.Single(PathSource.All(view).Sources);
        return PathDiagnosis.Of(estate, source, ReachTarget.All(view, []).First(target => target.ShortName == to).On(IpProtocol.Tcp, 5432), default);
    }
}
