using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Auditor.Alerts;
using Auditor.Changes;
using Auditor.Findings;
using Auditor.Model;

namespace Auditor.Ledger;

/// <summary>One append to the ledger: everything that follows from a batch of changes, a sweep or the passing of time.</summary>
public sealed record Commit
{
    /// <summary>1 for the first, then counting without gaps.</summary>
    public required long Seq { get; init; }

    /// <summary>Epoch of the lease it was written under.</summary>
    public required long Epoch { get; init; }

    /// <summary>Hash of the commit before; empty for the first.</summary>
    public required string PreviousHash { get; init; }

    public required DateTimeOffset RecordedAt { get; init; }

    /// <summary>What the run was about.</summary>
    public required CauseKind Kind { get; init; }

    /// <summary>Its place in its run; null when it is all of it.</summary>
    public CommitPart? Part { get; init; }

    /// <summary>Inbox keys that this commit settles.</summary>
    public ValueList<string> Consumed { get; init; }

    /// <summary>The changes behind it, denied ones included.</summary>
    public ValueList<Change> Changes { get; init; }

    /// <summary>New versions of resources, absences included.</summary>
    public ValueList<ResourceVersion> Resources { get; init; }

    /// <summary>What is covered from now on; null when that did not change.</summary>
    public Coverage? Coverage { get; init; }

    public ValueList<Transition> Transitions { get; init; }

    /// <summary>Alerts owed to channels.</summary>
    public ValueList<OutboxItem> Outbox { get; init; }

    /// <summary>The bytes that are stored and hashed.</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, LedgerJson.Options);

    /// <summary>Hash of this commit.</summary>
    [JsonIgnore]
    public string Hash => HashOf(ToBytes());

    /// <summary>SHA-256 over the commit's bytes, which include the hash before: a chain.</summary>
    public static string HashOf(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}

/// <summary>What the auditor has read: projects in whole, and what of them could not be seen.</summary>
public sealed record Coverage(ValueList<string> Projects, ValueList<Gap> Gaps)
{
    public static Coverage None { get; } = new([], []);

    /// <summary>The coverage of an estate, sorted.</summary>
    public static Coverage Of(Estate estate) => new(estate.CoveredProjects.Order(StringComparer.Ordinal).ToValueList(), estate.Gaps.ToValueList());
}

/// <summary>A resource as it was read at one moment.</summary>
/// <param name="Json">Trimmed canonical JSON of the modelled fields; null when it was proved absent.</param>
/// <param name="LifecycleSince">See <see cref="EstateEntry"/>.</param>
public sealed record ResourceVersion(ResourceName Name, JsonElement? Json, DateTimeOffset? ReadAt, DateTimeOffset? LifecycleSince);
