using System.Globalization;
using Auditor.Findings;
using Auditor.Model;

namespace Auditor.Rules.Connectors;

/// <summary>CON015: a connector has two instances at least and room to grow.</summary>
public sealed class ConnectorCanScale : StateRule<Connector>
{
    // Google's defaults when the answer does not say.
    private const int DefaultMin = 2;
    private const int DefaultMax = 10;

    public override RuleInfo Info { get; } = new()
    {
        Id = "CON015",
        Title = "Connector has two instances and room to grow",
        Severity = Severity.Medium,
        What = "A connector has at least 2 instances at minimum and 3 at maximum, its minimum is below its maximum, and it is sized in instances, not by the older throughput settings alone.",
        WhyItMatters = "With one instance, a restart of one VM is an outage of every user. With no room between minimum and maximum a connector cannot follow a peak. It never scales in again, so the maximum also bounds what it may come to cost.",
        Remediation = "Set minimum and maximum instances with room between them. Both can only be raised: to lower them, create a new connector and move its users.",
        Gcloud = """
            gcloud compute networks vpc-access connectors update CONNECTOR --region=REGION --min-instances=2 --max-instances=4
            """,
        Terraform = """
            resource "google_vpc_access_connector" "CONNECTOR" {
              name          = "CONNECTOR"
              region        = "REGION"
              min_instances = 2
              max_instances = 4
            }
            """,
        DoesNotApply = "It applies to every connector; what Google does not say counts as its default of 2 and 10.",
        Controls = [RuleControl.Nist("SC-5"), RuleControl.Iso("A.8.6")],
        References = ["https://cloud.google.com/vpc/docs/serverless-vpc-access#scaling", "https://cloud.google.com/sdk/gcloud/reference/compute/networks/vpc-access/connectors/update"],
    };

    protected override IEnumerable<Verdict> Evaluate(Connector subject, EstateView view, RuleOptions options)
    {
        var min = subject.MinInstances ?? DefaultMin;
        var max = subject.MaxInstances ?? DefaultMax;
        var because = subject switch
        {
            { MinInstances: null, MaxInstances: null, MinThroughput: not null } or { MinInstances: null, MaxInstances: null, MaxThroughput: not null } =>
                "it is sized by throughput alone, without instances",
            _ when min < DefaultMin => string.Create(CultureInfo.InvariantCulture, $"its minimum of {min} instances is below 2"),
            _ when max < 3 => string.Create(CultureInfo.InvariantCulture, $"its maximum of {max} instances is below 3"),
            _ when min >= max => string.Create(CultureInfo.InvariantCulture, $"its minimum of {min} instances leaves no room below its maximum of {max}"),
            _ => null,
        };
        var (wantedMin, wantedMax) = (Math.Max(min, DefaultMin), Math.Min(Math.Max(Math.Max(min, DefaultMin) + 1, Math.Max(max, 3)), DefaultMax));
        yield return because is null ? Pass() : Fail(because, wantedMin < wantedMax
            ? string.Create(CultureInfo.InvariantCulture, $"gcloud compute networks vpc-access connectors update {subject.Name.Id} --region={subject.Name.Location} --project={subject.Name.Project} --min-instances={wantedMin} --max-instances={wantedMax}")
            : null);
    }
}
