using System.Collections.Immutable;
using Auditor.Model;

namespace Auditor.Simulator.Demo;

/// <summary>
/// A busy day at Harbor in twenty steps: connectors that vanish and fail, a NAT, revisions and regions, firewall rules, subnetworks, and the noise
/// between them. Starts from <see cref="DemoEstate"/>; the steps must be applied in order. What stays open at the end is the baseline and the
/// last step's finding.
/// </summary>
public static class DemoScenario
{
    /// <summary>All steps in order.</summary>
    public static ImmutableArray<DemoStep> Steps { get; } =
    [
        .. ConnectorSteps.Lost,
        .. NatSteps.All,
        .. RunSteps.All,
        .. FirewallSteps.All,
        .. SubnetworkSteps.All,
        .. NoiseSteps.All,
        .. ConnectorSteps.Sized,
    ];

    internal static ResourceName Connector(string project, string location, string id) => ResourceName.Of(ResourceKind.Connector, project, location, id);

    internal static ResourceName Compute(string path) => ResourceName.Of("compute.googleapis.com", path);

    internal static string Link(string path) => $"https://www.googleapis.com/compute/v1/{path}";
}
