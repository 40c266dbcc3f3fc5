using System.Globalization;
using System.Text.Json;
using Auditor.Model;

namespace Auditor.Adapters.Google;

/// <summary>
/// Lists everything of the modelled kinds in the monitored projects: first all lists, then what hangs below what they showed (versions of App
/// Engine services, effective firewalls of networks, members of groups, what peerings and routers
/// have learned), then the hierarchical policies in those. What cannot be listed is a gap of just its scope.
/// </summary>
internal sealed class GoogleSweep(GoogleClient client, GoogleLists lists, FirewallPolicyReader policies, PartReader parts, GoogleOptions options, TimeProvider time)
{
    private static readonly ApiTable.Row s_project = ApiTable.Of(ResourceKind.Project);
    private static readonly ApiTable.Row s_folder = ApiTable.Of(ResourceKind.Folder);
    private static readonly ApiTable.Row s_application = ApiTable.Of(ResourceKind.AppEngineApplication);
    private static readonly ApiTable.Row s_policy = ApiTable.Of(ResourceKind.FirewallPolicy);

    public async Task<Picture> RunAsync(CancellationToken cancellationToken)
    {
        // Every read begins later: a change after this moment is read again rather than taken for seen.
        var begunAt = time.GetUtcNow();
        var projects = options.Projects.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var withParts = new List<(ResourceName Name, JsonElement Json)>();
        var run = new Run(new EstateBuilder(keepJson: true)
        {
            Found = (name, json, _) =>
            {
                if (ResourcePart.IsIn(name.Kind))
                {
                    withParts.Add((name, json));
                }
            },
        });
        await AddProjectsAsync(run, projects, cancellationToken);
        await AddAppEngineAsync(run, projects, cancellationToken);
        var listed = await ListAsync(run, [.. projects.SelectMany(project => ApiTable.Rows.SelectMany(row => row.Lists.Select(path => Call(row, path, project))))], cancellationToken);
        await AddEffectiveAsync(run, [.. listed.Where(list => list.Call.Row.Kind == ResourceKind.Network).SelectMany(FirewallPolicyReader.NetworksIn)], cancellationToken);
        await AddPartsAsync(run, withParts, cancellationToken);
        return run.ToPicture(projects, begunAt);
    }

    /// <summary>What compute knows of a project: whether it shares its networks.</summary>
    public Task<GoogleAnswer> ComputeProjectAsync(string project, CancellationToken cancellationToken) =>
        client.GetAsync(s_policy.Host, $"{s_policy.Version}projects/{ApiTable.Escape(project)}", "compute.projects.get", cancellationToken);

    private async Task AddProjectsAsync(Run run, List<string> projects, CancellationToken cancellationToken)
    {
        var answers = await Bounded.SelectAsync(
            projects,
            options.MaxParallelCalls,
            async (project, token) => (
                Described: await client.GetAsync(s_project.Host, $"{s_project.Version}projects/{ApiTable.Escape(project)}", "resourcemanager.projects.get", token),
                Computed: await ComputeProjectAsync(project, token)),
            cancellationToken);
        foreach (var (project, (described, computed)) in projects.Zip(answers))
        {
            var scope = new GapScope(Resource: ResourceName.Of(ResourceKind.Project, project));
            if (described is GoogleAnswer.Found { Json: var json })
            {
                parts.Learn(project, json);
            }

            run.Add(computed, $"{s_policy.Host}/projects/{project}", scope, isNeeded: false);
            run.Add(described, $"{s_project.Host}/projects/{project}", scope, isNeeded: true);
        }

        await AddFoldersAsync(run, [.. answers.Select(answer => answer.Described)], cancellationToken);
    }

    // Whose folders may not be read is told of what hangs above by the networks' effective firewalls.
    private async Task AddFoldersAsync(Run run, IReadOnlyList<GoogleAnswer> children, CancellationToken cancellationToken)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (children.OfType<GoogleAnswer.Found>().Select(child => GoogleLists.Text(child.Json, "parent")).OfType<string>()
            .Where(parent => parent.StartsWith("folders/", StringComparison.Ordinal) && seen.Add(parent)).Order(StringComparer.Ordinal).ToList() is { Count: > 0 } parents)
        {
            children = await Bounded.SelectAsync(
                parents,
                options.MaxParallelCalls,
                (parent, token) => client.GetAsync(s_folder.Host, $"{s_folder.Version}folders/{ApiTable.Escape(parent["folders/".Length..])}", "resourcemanager.folders.get", token),
                cancellationToken);
            foreach (var (parent, answer) in parents.Zip(children))
            {
                run.Add(answer, $"{s_folder.Host}/{parent}", new GapScope(Resource: ResourceName.Of(s_folder.Host, parent)), isNeeded: false);
            }
        }
    }

    private async Task AddAppEngineAsync(Run run, List<string> projects, CancellationToken cancellationToken)
    {
        var answers = await Bounded.SelectAsync(
            projects,
            options.MaxParallelCalls,
            (project, token) => client.GetAsync(s_application.Host, $"{s_application.Version}apps/{ApiTable.Escape(project)}", "appengine.applications.get", token),
            cancellationToken);
        var applications = new List<string>();
        foreach (var (project, answer) in projects.Zip(answers))
        {
            run.Add(answer, $"{s_application.Host}/apps/{project}", new GapScope(ResourceKind.AppEngineApplication, project), isNeeded: false);
            if (answer is GoogleAnswer.Found)
            {
                applications.Add(project);
            }
            else if (answer is GoogleAnswer.Failed { Reason: var reason })
            {
                foreach (var kind in new[] { ResourceKind.AppEngineApplication, ResourceKind.AppEngineService, ResourceKind.AppEngineVersion })
                {
                    run.Builder.AddGap(new GapScope(kind, project), reason);
                }
            }
        }

        var services = await ListAsync(run, [.. applications.Select(project => Call(ApiTable.Of(ResourceKind.AppEngineService), "apps/{0}/services", project))], cancellationToken);
        foreach (var gap in services.SelectMany(list => list.Gaps))
        {
            run.Builder.AddGap(gap.Scope with { Kind = ResourceKind.AppEngineVersion }, gap.Reason);
        }

        await ListAsync(
            run,
            [.. services.SelectMany(list => list.Pages.SelectMany(page => GoogleLists.Items(page, "services")).Select(service => GoogleLists.Text(service, "id") ?? "").Select(ApiTable.Escape).OfType<string>()
                .Select(id => Call(ApiTable.Of(ResourceKind.AppEngineVersion), $"apps/{{0}}/services/{id}/versions", list.Call.Scope.Project!)))],
            cancellationToken);
    }

    private async Task AddEffectiveAsync(Run run, List<ResourceName> networks, CancellationToken cancellationToken)
    {
        var answers = await Bounded.SelectAsync(networks, options.MaxParallelCalls, policies.AskEffectiveAsync, cancellationToken);
        var hierarchical = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (network, answer) in networks.Zip(answers))
        {
            hierarchical.UnionWith(FirewallPolicyReader.AddEffective(run.Builder, network, answer));
            if (answer is GoogleAnswer.Failed { Reason: var reason })
            {
                run.Builder.AddGap(new GapScope(ResourceKind.FirewallPolicy, network.Project), reason);
            }
        }

        // The policy itself only adds its associations; without the right to read it, the effective rules are enough.
        var ids = hierarchical.Select(ApiTable.Escape).OfType<string>().ToList();
        var found = await Bounded.SelectAsync(
            ids,
            options.MaxParallelCalls,
            (id, token) => client.GetAsync(s_policy.Host, $"{s_policy.Version}locations/global/firewallPolicies/{id}", "compute.firewallPolicies.get", token),
            cancellationToken);
        foreach (var (id, answer) in ids.Zip(found))
        {
            run.Add(answer, $"{s_policy.Host}/locations/global/firewallPolicies/{id}", new GapScope(Resource: ResourceName.Of(ResourceKind.FirewallPolicy, id)), isNeeded: false);
        }
    }

    private async Task AddPartsAsync(Run run, List<(ResourceName Name, JsonElement Json)> resources, CancellationToken cancellationToken)
    {
        var answers = await Bounded.SelectAsync([.. resources.DistinctBy(item => item.Name)], options.MaxParallelCalls, (item, token) => parts.ReadAsync(item.Name, item.Json, token), cancellationToken);
        foreach (var answer in answers)
        {
            answer.AddTo(run.Builder);
            foreach (var reason in answer.Failures)
            {
                run.Builder.AddGap(new GapScope(answer.Name.Kind, answer.Name.Project, answer.Name.Location), reason);
            }
        }
    }

    private async Task<ListResult[]> ListAsync(Run run, IReadOnlyList<ListCall> calls, CancellationToken cancellationToken)
    {
        var results = await Bounded.SelectAsync(calls, options.MaxParallelCalls, lists.ListAsync, cancellationToken);
        foreach (var result in results)
        {
            run.Add(result);
        }

        return results;
    }

    private static ListCall Call(ApiTable.Row row, string path, string project) =>
        new(row, string.Format(CultureInfo.InvariantCulture, path, ApiTable.Escape(project)), new GapScope(row.Kind, project));

    /// <summary>What one sweep has seen so far.</summary>
    private sealed class Run(EstateBuilder builder)
    {
        private readonly Dictionary<string, GapScope> _sources = new(StringComparer.Ordinal);

        public EstateBuilder Builder => builder;

        public void Add(GoogleAnswer answer, string source, GapScope scope, bool isNeeded)
        {
            if (answer is GoogleAnswer.Found { Json: var json })
            {
                Add(json, source, scope);
            }
            else if (isNeeded)
            {
                builder.AddGap(scope, answer is GoogleAnswer.Failed failed ? failed.Reason : answer is GoogleAnswer.Off ? $"{source[..source.IndexOf('/', StringComparison.Ordinal)]} is switched off" : "it was not found");
            }
        }

        public void Add(ListResult list)
        {
            foreach (var page in list.Pages)
            {
                Add(page, list.Source, list.Call.Scope);
            }

            foreach (var gap in list.Gaps)
            {
                builder.AddGap(gap);
            }
        }

        public Picture ToPicture(IReadOnlyList<string> projects, DateTimeOffset begunAt)
        {
            var build = builder.Build(complete: true, begunAt);
            var strange = build.Problems.Where(problem => problem.Resource is null && _sources.ContainsKey(problem.Source)).Select(problem => new Gap(_sources[problem.Source], problem.Message));
            return new Picture(
                [.. build.Json.Select(pair => new ResourceState.Present(pair.Key, begunAt, JsonElement.Parse(pair.Value)))],
                projects,
                [.. build.Estate.Gaps.Concat(strange).Distinct().OrderBy(gap => gap.Scope.ToString(), StringComparer.Ordinal).ThenBy(gap => gap.Reason, StringComparer.Ordinal)]);
        }

        // Something in a list of known kind that is not recognised may be of that kind: then the list does not show all.
        private void Add(JsonElement json, string source, GapScope scope)
        {
            _sources[source] = scope;
            try
            {
                if (builder.Add(json, source, new DocumentHint(scope.Kind, scope.Project, scope.Location)).NotModelled > 0)
                {
                    builder.AddGap(scope, $"{source} lists something that is not understood");
                }
            }
            catch (InvalidOperationException)
            {
                // System.Text.Json says so of half a surrogate pair.
                builder.AddGap(scope, $"{source} holds a text that is not Unicode");
            }
        }
    }
}
