using System.Globalization;
using System.Text.Json.Nodes;

namespace Auditor.Simulator.Generator;

/// <summary>
/// Cloud Run services with their revisions and traffic; half in the shape of each API. Old revisions without traffic may leave as they like;
/// those with some leave as the service does, except where that is planted.
/// </summary>
internal sealed class ServiceAssets(AssetWriter assets, NetworkPlan network, SeededRandom random)
{
    private const string Run = "run.googleapis.com";

    /// <param name="Percent">0 with a tag means a URL of its own only.</param>
    private sealed record Target(string Revision, bool IsLatest, int Percent, string? Tag);

    public string Write(WorkloadPlan workload)
    {
        var isOld = workload.Fault == WorkloadFault.OldRevisionLeavesOtherwise;
        var count = isOld ? random.Between(2, 3) : random.Between(1, 3);
        var revisions = Enumerable.Range(1, count).Select(number => Revision(workload, number)).ToList();
        var before = count > 1 ? revisions[^2] : null;
        var draw = random.Below(10);
        List<Target> traffic = (before, isOld, workload.Fault, draw) switch
        {
            (not null, true, _, < 5) => [new(revisions[^1], true, 80, null), new(before, false, 20, null)],
            (not null, true, _, _) => [new(revisions[^1], true, 100, null), new(before, false, 0, "previous")],
            (not null, _, WorkloadFault.None, < 2) => [new(revisions[^1], true, 90, null), new(before, false, 10, null)],
            (not null, _, WorkloadFault.None, < 4) => [new(revisions[^1], true, 100, null), new(before, false, 0, "previous")],
            _ => [new(revisions[^1], true, 100, null)],
        };
        var knative = random.Percent(50);
        foreach (var revision in revisions)
        {
            var access = revision == revisions[^1] || (!isOld && traffic.Exists(target => target.Revision == revision)) ? workload.Access
                : random.Percent(50) ? null
                : workload.Access is { } now ? now with { AllTraffic = !now.AllTraffic } : null;
            WriteRevision(workload, revision, access, knative);
        }

        var name = WriteService(workload, revisions[^1], traffic, knative, isFunction: false);
        if (isOld)
        {
            assets.Fault("EGR008", name, before!);
        }

        return name;
    }

    /// <summary>The service that a function of the second generation is underneath.</summary>
    /// <returns>The short name of its revision.</returns>
    public string WriteUnderFunction(WorkloadPlan workload)
    {
        var revision = Revision(workload, 1);
        WriteRevision(workload, revision, workload.Access, knative: false);
        WriteService(workload, revision, [new(revision, true, 100, null)], knative: false, isFunction: true);
        return revision;
    }

    /// <summary>The parts of a template, task template or revision that say nothing about the network.</summary>
    public JsonObject Template(WorkloadPlan workload) => new()
    {
        ["serviceAccount"] = ServiceAccount(workload),
        ["executionEnvironment"] = "EXECUTION_ENVIRONMENT_GEN2",
        ["containers"] = new JsonArray(Container(workload, withDefaults: true)),
    };

    private void WriteRevision(WorkloadPlan workload, string revision, AccessPlan? access, bool knative)
    {
        var path = $"{workload.Location}/services/{workload.Id}/revisions/{revision}";
        var data = knative ? RevisionV1(workload, revision, access) : RevisionV2(workload, path, access);
        assets.Write($"{Run}/Revision", Run, path, knative ? "v1" : "v2", workload.Project, workload.RegionName, data);
    }

    private JsonObject RevisionV2(WorkloadPlan workload, string path, AccessPlan? access)
    {
        var data = Template(workload);
        data.Insert(0, "name", path);
        data["service"] = workload.Id;
        RunAccess.AddV2(data, access);
        data["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["state"] = "CONDITION_SUCCEEDED" });
        return data;
    }

    private JsonObject RevisionV1(WorkloadPlan workload, string revision, AccessPlan? access) => new()
    {
        ["apiVersion"] = "serving.knative.dev/v1",
        ["kind"] = "Revision",
        ["metadata"] = new JsonObject
        {
            ["name"] = revision,
            ["namespace"] = workload.Project.Number,
            ["labels"] = new JsonObject { ["serving.knative.dev/service"] = workload.Id, ["cloud.googleapis.com/location"] = workload.RegionName },
            ["annotations"] = RunAccess.Annotations(access),
        },
        ["spec"] = Spec(workload),
        ["status"] = new JsonObject { ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = "True" }) },
    };

    private string WriteService(WorkloadPlan workload, string latest, List<Target> traffic, bool knative, bool isFunction)
    {
        var path = $"{workload.Location}/services/{workload.Id}";
        var data = knative ? ServiceV1(workload, latest, traffic) : ServiceV2(workload, path, latest, traffic, isFunction);
        return assets.Write($"{Run}/Service", Run, path, knative ? "v1" : "v2", workload.Project, workload.RegionName, data);
    }

    private JsonObject ServiceV2(WorkloadPlan workload, string path, string latest, List<Target> traffic, bool isFunction)
    {
        var template = Template(workload);
        template["scaling"] = new JsonObject { ["maxInstanceCount"] = 20 };
        RunAccess.AddV2(template, workload.Access);
        return new JsonObject
        {
            ["name"] = path,
            ["generation"] = "7",
            ["observedGeneration"] = "7",
            ["labels"] = isFunction ? new JsonObject { ["goog-managed-by"] = "cloudfunctions" } : new JsonObject { ["team"] = "web" },
            ["ingress"] = "INGRESS_TRAFFIC_ALL",
            ["launchStage"] = "GA",
            ["template"] = template,
            ["traffic"] = new JsonArray([.. traffic.Select(target => V2(target, isStatus: false))]),
            ["trafficStatuses"] = new JsonArray([.. traffic.Select(target => V2(target, isStatus: true))]),
            ["latestReadyRevision"] = $"{path}/revisions/{latest}",
            ["latestCreatedRevision"] = $"{path}/revisions/{latest}",
            ["terminalCondition"] = new JsonObject { ["type"] = "Ready", ["state"] = "CONDITION_SUCCEEDED" },
        };

        static JsonObject V2(Target target, bool isStatus)
        {
            var data = new JsonObject { ["type"] = target.IsLatest ? "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST" : "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION" };
            return Rest(data, "revision", target, isStatus);
        }
    }

    private JsonObject ServiceV1(WorkloadPlan workload, string latest, List<Target> traffic)
    {
        return new JsonObject
        {
            ["apiVersion"] = "serving.knative.dev/v1",
            ["kind"] = "Service",
            ["metadata"] = new JsonObject
            {
                ["name"] = workload.Id,
                ["namespace"] = workload.Project.Number,
                ["generation"] = 7,
                ["labels"] = new JsonObject { ["cloud.googleapis.com/location"] = workload.RegionName },
                ["annotations"] = new JsonObject { ["run.googleapis.com/ingress"] = "all" },
            },
            ["spec"] = new JsonObject
            {
                ["template"] = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = RunAccess.Annotations(workload.Access) }, ["spec"] = Spec(workload) },
                ["traffic"] = new JsonArray([.. traffic.Select(target => V1(target, isStatus: false))]),
            },
            ["status"] = new JsonObject
            {
                ["observedGeneration"] = 7,
                ["latestReadyRevisionName"] = latest,
                ["latestCreatedRevisionName"] = latest,
                ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = "True" }),
                ["traffic"] = new JsonArray([.. traffic.Select(target => V1(target, isStatus: true))]),
            },
        };

        static JsonObject V1(Target target, bool isStatus)
        {
            var data = new JsonObject();
            if (target.IsLatest)
            {
                data["latestRevision"] = true;
            }

            return Rest(data, "revisionName", target, isStatus);
        }
    }

    // What was asked for names no revision where it says "the latest"; what is so does.
    private static JsonObject Rest(JsonObject data, string key, Target target, bool isStatus)
    {
        if (isStatus || !target.IsLatest)
        {
            data[key] = target.Revision;
        }

        if (target.Percent > 0)
        {
            data["percent"] = target.Percent;
        }

        if (target.Tag is { } tag)
        {
            data["tag"] = tag;
        }

        return data;
    }

    private JsonObject Spec(WorkloadPlan workload) => new()
    {
        ["containerConcurrency"] = 80,
        ["serviceAccountName"] = ServiceAccount(workload),
        ["containers"] = new JsonArray(Container(workload, withDefaults: false)),
    };

    private JsonObject Container(WorkloadPlan workload, bool withDefaults)
    {
        var container = new JsonObject
        {
            ["image"] = $"{workload.RegionName}-docker.pkg.dev/{workload.Project.Id}/apps/{workload.Id}:latest",
            ["env"] = new JsonArray(
                new JsonObject { ["name"] = "DB_HOST", ["value"] = TargetAssets.FirstSqlAddress(network) },
                new JsonObject { ["name"] = "LOG_LEVEL", ["value"] = "info" }),
            ["resources"] = new JsonObject { ["limits"] = new JsonObject { ["cpu"] = "1000m", ["memory"] = "512Mi" } },
        };
        if (withDefaults)
        {
            container["ports"] = new JsonArray(new JsonObject { ["name"] = "http1", ["containerPort"] = 8080 });
        }

        return container;
    }

    private string Revision(WorkloadPlan workload, int number) => string.Create(CultureInfo.InvariantCulture, $"{workload.Id}-{number:D5}-{random.Word(3)}");

    private static string ServiceAccount(WorkloadPlan workload) => $"{workload.Project.Number}-compute@developer.gserviceaccount.com";
}
