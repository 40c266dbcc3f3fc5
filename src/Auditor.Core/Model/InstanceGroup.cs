namespace Auditor.Model;

/// <summary>
/// A group of VMs, of a zone or of a region, kept by hand or by a manager of the same name. Source: REST Resources instanceGroups and
/// regionInstanceGroups, compute v1, and their method listInstances.
/// </summary>
public sealed record InstanceGroup(ResourceName Name) : Resource(Name)
{
    /// <summary>Null while it is empty and never had a member.</summary>
    public ResourceName? Network { get; init; }

    public ResourceName? Subnetwork { get; init; }

    public ValueList<NamedPort> NamedPorts { get; init; }

    /// <summary>The VMs in it, sorted; null when they were not read. Whether each runs, the VM itself tells.</summary>
    public ValueList<ResourceName>? Members { get; init; }

    /// <summary>Why <see cref="Members"/> could not be read; null when they were, or when nobody asked.</summary>
    public string? MembersUnread { get; init; }

    public override IEnumerable<ResourceName> References => new[] { Network, Subnetwork }.OfType<ResourceName>().Concat(Members ?? []);

    internal static InstanceGroup Parse(FieldReader fields) => new(fields.Context.Name)
    {
        Network = fields.Reference("network", ResourceKind.Network),
        Subnetwork = fields.Reference("subnetwork", ResourceKind.Subnetwork),
        NamedPorts = fields.Children("namedPorts").Select(port => new NamedPort(port.Text("name"), port.Number("port"))).ToValueList(),
        Members = fields.Part(ResourcePart.Members)?.Select(member => member.Reference("instance", ResourceKind.Instance)).OfType<ResourceName>().Order().ToValueList(),
        MembersUnread = fields.Text(ResourcePart.Members.UnreadField),
    };
}

/// <summary>A name that proxies give a port of a group. A name may stand for several ports.</summary>
public sealed record NamedPort(string? Name, int? Port);
