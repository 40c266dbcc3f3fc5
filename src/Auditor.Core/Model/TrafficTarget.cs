namespace Auditor.Model;

/// <summary>A share of a service's requests, or of a worker pool's instances. Source: GoogleCloudRunV2TrafficTarget, InstanceSplit; v1 TrafficTarget.</summary>
/// <param name="Revision">Null when only "the latest" is said.</param>
/// <param name="Latest">Whether the share follows the latest ready revision.</param>
/// <param name="Percent">0..100; not said is 0.</param>
/// <param name="Tag">Gives the revision a URL of its own, whatever the percentage.</param>
public sealed record TrafficTarget(ResourceName? Revision, bool Latest, int Percent, string? Tag)
{
    internal static ValueList<TrafficTarget> ParseV2(FieldReader fields, string list) => fields.Children(list).Select(target => new TrafficTarget(
        RunFields.Revision(target, "revision", target.Context.Name),
        target.Text("type") is "1" || (target.Text("type")?.EndsWith("_LATEST", StringComparison.Ordinal) ?? false),
        target.Number("percent") ?? 0,
        target.Text("tag"))).ToValueList();

    internal static ValueList<TrafficTarget> ParseV1(FieldReader? owner, ResourceName name, string list = "traffic") => (owner?.Children(list) ?? []).Select(target => new TrafficTarget(
        RunFields.Revision(target, "revisionName", name),
        target.Flag("latestRevision") ?? false,
        target.Number("percent") ?? 0,
        target.Text("tag"))).ToValueList();
}
