using System.Globalization;

namespace Auditor.Model;

/// <summary>An App Engine service and how its traffic is split over versions. Source: REST Resource apps.services, appengine v1.</summary>
public sealed record AppEngineService(ResourceName Name) : Resource(Name)
{
    /// <summary>Shares of the traffic, sorted by version; empty when Google does not say.</summary>
    public ValueList<VersionShare> Split { get; init; }

    public override IEnumerable<ResourceName> References => Split.Select(share => share.Version);

    internal static AppEngineService Parse(FieldReader fields)
    {
        var split = fields.Child("split");
        return new AppEngineService(fields.Context.Name)
        {
            Split = (split?.Map("allocations") ?? []).Select(pair => new VersionShare(
                ResourceName.Of(fields.Context.Name.Host, $"{fields.Context.Name.Path}/versions/{pair.Key}"),
                decimal.TryParse(pair.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var share)
                    ? share
                    : throw split!.NotUnderstood($"allocations.{pair.Key}", pair.Value, "a number"))).ToValueList(),
        };
    }
}

/// <summary>The part of a service's traffic that a version gets, 0..1.</summary>
public sealed record VersionShare(ResourceName Version, decimal Share);
