namespace Auditor.Model;

/// <summary>Protocol forwarding to one VM. Source: REST Resource targetInstances, compute v1.</summary>
public sealed record TargetInstance(ResourceName Name) : Resource(Name)
{
    public ResourceName? Instance { get; init; }

    /// <summary>Null means the network of the VM's first interface.</summary>
    public ResourceName? Network { get; init; }

    public override IEnumerable<ResourceName> References => new[] { Instance, Network }.OfType<ResourceName>();

    internal static TargetInstance Parse(FieldReader fields) => new(fields.Context.Name)
    {
        Instance = fields.Reference("instance", ResourceKind.Instance),
        Network = fields.Reference("network", ResourceKind.Network),
    };
}
