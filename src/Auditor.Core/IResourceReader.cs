using System.Text.Json;
using Auditor.Model;

namespace Auditor;

/// <summary>Reads the current state of resources from Google Cloud. It only reads.</summary>
public interface IResourceReader
{
    /// <summary>Reads exactly these resources, in the order given. What cannot be read is an answer, never an exception.</summary>
    Task<IReadOnlyList<ResourceState>> ReadAsync(IReadOnlyList<ResourceName> names, CancellationToken cancellationToken);

    /// <summary>Lists everything of the modelled kinds in the monitored projects.</summary>
    Task<Picture> SweepAsync(CancellationToken cancellationToken);
}

/// <summary>What a read of one resource gave.</summary>
/// <param name="ReadAt">When the read began.</param>
public abstract record ResourceState(ResourceName Name, DateTimeOffset ReadAt)
{
    /// <summary>It exists; <paramref name="Json"/> is Google's answer.</summary>
    public sealed record Present(ResourceName Name, DateTimeOffset ReadAt, JsonElement Json) : ResourceState(Name, ReadAt);

    /// <summary>It does not exist (404).</summary>
    public sealed record Absent(ResourceName Name, DateTimeOffset ReadAt) : ResourceState(Name, ReadAt);

    /// <summary>It may exist; <paramref name="Reason"/> names the permission, the API or the fault.</summary>
    public sealed record Unreadable(ResourceName Name, DateTimeOffset ReadAt, string Reason) : ResourceState(Name, ReadAt);
}

/// <summary>All that a sweep saw.</summary>
/// <param name="States">What exists.</param>
/// <param name="Projects">Projects that were listed in whole, but for the gaps.</param>
/// <param name="Gaps">What could not be listed.</param>
public sealed record Picture(IReadOnlyList<ResourceState.Present> States, IReadOnlyList<string> Projects, IReadOnlyList<Gap> Gaps);
