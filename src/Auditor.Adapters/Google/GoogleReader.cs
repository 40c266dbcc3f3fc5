using System.Text.Json;
using Auditor.Model;

namespace Auditor.Adapters.Google;

/// <summary>
/// Reads Google Cloud over its REST APIs, with GET and the two lists that Google made POSTs. What cannot be read is an answer that names the permission, the API or the fault; a
/// resource of an API that is switched off does not exist.
/// </summary>
public sealed class GoogleReader : IResourceReader
{
    private readonly GoogleOptions _options;
    private readonly TimeProvider _time;
    private readonly GoogleClient _client;
    private readonly FirewallPolicyReader _policies;
    private readonly PartReader _parts;
    private readonly GoogleSweep _sweep;

    /// <param name="client">Adds the credentials, unless the options name an endpoint.</param>
    public GoogleReader(HttpClient client, GoogleOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        _client = new GoogleClient(client, options, time);
        var lists = new GoogleLists(_client);
        _policies = new FirewallPolicyReader(_client, lists, options);
        _parts = new PartReader(_client, lists, options);
        _sweep = new GoogleSweep(_client, lists, _policies, _parts, options, time);
    }

    public async Task<IReadOnlyList<ResourceState>> ReadAsync(IReadOnlyList<ResourceName> names, CancellationToken cancellationToken) =>
        await Bounded.SelectAsync(names, _options.MaxParallelCalls, ReadAsync, cancellationToken);

    public Task<Picture> SweepAsync(CancellationToken cancellationToken) => _sweep.RunAsync(cancellationToken);

    internal static ResourceState ToState(ResourceName name, GoogleAnswer answer, DateTimeOffset begunAt) => answer switch
    {
        GoogleAnswer.Found found => new ResourceState.Present(name, begunAt, found.Json),
        GoogleAnswer.Failed failed => new ResourceState.Unreadable(name, begunAt, failed.Reason),
        _ => new ResourceState.Absent(name, begunAt),
    };

    private async Task<ResourceState> ReadAsync(ResourceName name, CancellationToken cancellationToken)
    {
        var begunAt = _time.GetUtcNow();
        if (name.Kind == ResourceKind.Other || ApiTable.Escape(name.Path) is not { } path)
        {
            return new ResourceState.Unreadable(name, begunAt, "its kind is not modelled");
        }

        if (name.Kind == ResourceKind.RunRevision && name.Parent is null)
        {
            return new ResourceState.Unreadable(name, begunAt, "a revision can only be read under its service");
        }

        var row = ApiTable.Of(name.Kind);
        var permission = ApiTable.PermissionOf(row, name.Path, "get");
        var answer = await _client.GetAsync(row.Host, row.Version + path + (name.Kind == ResourceKind.AppEngineVersion ? "?view=FULL" : ""), permission, cancellationToken);
        switch (name.Kind)
        {
            case ResourceKind.Project when answer is GoogleAnswer.Found { Json: var project }:
                return await WithSharingAsync(name, project, begunAt, cancellationToken);
            case var kind when ResourcePart.IsIn(kind) && answer is GoogleAnswer.Found { Json: var whole }:
                return await WithPartsAsync(name, whole, begunAt, cancellationToken);
            case ResourceKind.FirewallPolicy:
                return await _policies.ReadAsync(name, answer, begunAt, cancellationToken);
            case ResourceKind.Function when answer is GoogleAnswer.Missing:
                // A function of the first generation that the second API does not show.
                return ToState(name, await _client.GetAsync(row.Host, $"v1/{path}", permission, cancellationToken), begunAt);
            default:
                return ToState(name, answer, begunAt);
        }
    }

    // resourcemanager tells who a project is, compute whether it shares its networks.
    private async Task<ResourceState> WithSharingAsync(ResourceName name, JsonElement project, DateTimeOffset begunAt, CancellationToken cancellationToken)
    {
        var builder = new EstateBuilder(keepJson: true);
        builder.Add(project, name.Value);
        if (await _sweep.ComputeProjectAsync(name.Project!, cancellationToken) is GoogleAnswer.Found { Json: var shared })
        {
            builder.Add(shared, name.Value);
        }

        return Built(builder, name, project, begunAt);
    }

    private async Task<ResourceState> WithPartsAsync(ResourceName name, JsonElement json, DateTimeOffset begunAt, CancellationToken cancellationToken)
    {
        var builder = new EstateBuilder(keepJson: true);
        builder.Add(name, json, name.Value);
        (await _parts.ReadAsync(name, json, cancellationToken)).AddTo(builder);
        return Built(builder, name, json, begunAt);
    }

    private static ResourceState.Present Built(EstateBuilder builder, ResourceName name, JsonElement otherwise, DateTimeOffset begunAt) =>
        new(name, begunAt, builder.Build().Json.TryGetValue(name, out var bytes) ? JsonElement.Parse(bytes) : otherwise);
}
