namespace Auditor.Model;

/// <summary>
/// A VLAN attachment of Cloud Interconnect. Its network is its router's. Its state changes without an audit entry. Source: REST Resource
/// interconnectAttachments, compute v1.
/// </summary>
public sealed record InterconnectAttachment(ResourceName Name) : Resource(Name)
{
    public ResourceName? Router { get; init; }

    /// <summary>DEDICATED, PARTNER, PARTNER_PROVIDER, L2_DEDICATED; null when not said.</summary>
    public string? Type { get; init; }

    /// <summary>Null means true.</summary>
    public bool? AdminEnabled { get; init; }

    /// <summary>OS_ACTIVE or OS_UNPROVISIONED; null when not said.</summary>
    public string? OperationalStatus { get; init; }

    public InterconnectAttachmentState State { get; init; }

    /// <summary>Whether it carries packets, as far as it says.</summary>
    public bool IsUsable => AdminEnabled != false && State == InterconnectAttachmentState.Active && OperationalStatus is null or "OS_ACTIVE";

    public override IEnumerable<ResourceName> References => Router is { } router ? [router] : [];

    public override string? Lifecycle => State == InterconnectAttachmentState.Unspecified ? null : State.ToGoogleWord();

    internal static InterconnectAttachment Parse(FieldReader fields) => new(fields.Context.Name)
    {
        Router = fields.Reference("router", ResourceKind.Router),
        Type = fields.Text("type"),
        AdminEnabled = fields.Flag("adminEnabled"),
        OperationalStatus = fields.Text("operationalStatus"),
        State = fields.Choice("state", InterconnectAttachmentState.Unrecognized) ?? InterconnectAttachmentState.Unspecified,
    };
}

/// <summary>States of a VLAN attachment.</summary>
public enum InterconnectAttachmentState
{
    /// <summary>Not said.</summary>
    Unspecified,
    Active,
    Unprovisioned,
    PendingPartner,
    PartnerRequestReceived,
    PendingCustomer,
    Defunct,

    /// <summary>A state Google added after this was written.</summary>
    Unrecognized = -1,
}
