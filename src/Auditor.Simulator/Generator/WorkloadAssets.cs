using System.Text.Json.Nodes;

namespace Auditor.Simulator.Generator;

/// <summary>The workloads of a network: Cloud Run services are <see cref="ServiceAssets"/>; here are the others.</summary>
internal sealed class WorkloadAssets(AssetWriter assets, NetworkPlan network, SeededRandom random)
{
    private const string Run = "run.googleapis.com";
    private const string Functions = "cloudfunctions.googleapis.com";
    private const string AppEngine = "appengine.googleapis.com";
    private readonly ServiceAssets _services = new(assets, network, random);

    public static void Write(AssetWriter assets, NetworkPlan network, SeededRandom random)
    {
        var all = new WorkloadAssets(assets, network, random);
        all.WriteApplication();
        foreach (var workload in network.Workloads)
        {
            all.Plant(workload, workload.Kind switch
            {
                WorkloadKind.Service => all._services.Write(workload),
                WorkloadKind.Job => all.WriteJob(workload),
                WorkloadKind.WorkerPool => all.WriteWorkerPool(workload),
                WorkloadKind.FunctionV1 => all.WriteFunctionV1(workload),
                WorkloadKind.FunctionV2 => all.WriteFunctionV2(workload),
                _ => all.WriteVersion(workload),
            });
            assets.Workloads++;
        }
    }

    private void Plant(WorkloadPlan workload, string name)
    {
        if (workload.Fault is WorkloadFault.ConnectorIsGone or WorkloadFault.ConnectorIsElsewhere)
        {
            assets.Fault(workload.Fault == WorkloadFault.ConnectorIsGone ? "CON012" : "CON013", name);
        }
    }

    private string WriteJob(WorkloadPlan workload)
    {
        var path = $"{workload.Location}/jobs/{workload.Id}";
        var task = _services.Template(workload);
        RunAccess.AddV2(task, workload.Access);
        return assets.Write($"{Run}/Job", Run, path, "v2", workload.Project, workload.RegionName, Ready(new JsonObject
        {
            ["name"] = path,
            ["labels"] = new JsonObject { ["team"] = "batch" },
            ["template"] = new JsonObject { ["taskCount"] = 4, ["template"] = task },
        }));
    }

    private string WriteWorkerPool(WorkloadPlan workload)
    {
        var path = $"{workload.Location}/workerPools/{workload.Id}";
        var revision = $"{path}/revisions/{workload.Id}-00001-{random.Word(3)}";
        var template = _services.Template(workload);
        RunAccess.AddV2(template, workload.Access);
        var ran = _services.Template(workload);
        RunAccess.AddV2(ran, workload.Access);
        ran.Insert(0, "name", revision);
        assets.Write($"{Run}/Revision", Run, revision, "v2", workload.Project, workload.RegionName, ran);
        return assets.Write($"{Run}/WorkerPool", Run, path, "v2", workload.Project, workload.RegionName, Ready(new JsonObject
        {
            ["name"] = path,
            ["template"] = template,
            ["latestReadyRevision"] = revision,
            ["latestCreatedRevision"] = revision,
            ["instanceSplits"] = new JsonArray(new JsonObject { ["type"] = "INSTANCE_SPLIT_ALLOCATION_TYPE_LATEST", ["percent"] = 100 }),
        }));
    }

    private string WriteFunctionV1(WorkloadPlan workload)
    {
        var path = $"{workload.Location}/functions/{workload.Id}";
        var data = new JsonObject
        {
            ["name"] = path,
            ["status"] = "ACTIVE",
            ["runtime"] = "dotnet6",
            ["entryPoint"] = "Handler.Function",
            ["ingressSettings"] = "ALLOW_INTERNAL_ONLY",
            ["serviceAccountEmail"] = $"{workload.Project.Id}@appspot.gserviceaccount.com",
            ["maxInstances"] = 20,
        };
        if (workload.Access is { Connector: { } connector } access)
        {
            data["vpcConnector"] = connector;
            data["vpcConnectorEgressSettings"] = access.AllTraffic ? "ALL_TRAFFIC" : "PRIVATE_RANGES_ONLY";
        }

        return assets.Write($"{Functions}/CloudFunction", Functions, path, "v1", workload.Project, workload.RegionName, data);
    }

    private string WriteFunctionV2(WorkloadPlan workload)
    {
        var path = $"{workload.Location}/functions/{workload.Id}";
        var revision = _services.WriteUnderFunction(workload);
        var config = new JsonObject
        {
            ["service"] = $"{workload.Location}/services/{workload.Id}",
            ["revision"] = revision,
            ["serviceAccountEmail"] = $"{workload.Project.Number}-compute@developer.gserviceaccount.com",
            ["ingressSettings"] = "ALLOW_ALL",
            ["maxInstanceCount"] = 20,
        };
        if (workload.Access is { Connector: { } connector } access)
        {
            config["vpcConnector"] = connector;
            config["vpcConnectorEgressSettings"] = access.AllTraffic ? "ALL_TRAFFIC" : "PRIVATE_RANGES_ONLY";
        }
        else if (workload.Access is { } direct)
        {
            config["directVpcEgress"] = direct.AllTraffic ? "VPC_EGRESS_ALL_TRAFFIC" : "VPC_EGRESS_PRIVATE_RANGES_ONLY";
            config["directVpcNetworkInterface"] = new JsonArray(RunAccess.Interface(direct));
        }

        return assets.Write($"{Functions}/Function", Functions, path, "v2", workload.Project, workload.RegionName, new JsonObject
        {
            ["name"] = path,
            ["environment"] = "GEN_2",
            ["state"] = "ACTIVE",
            ["buildConfig"] = new JsonObject { ["runtime"] = "dotnet8", ["entryPoint"] = "Handler.Function" },
            ["serviceConfig"] = config,
        });
    }

    // The first region of some networks is one that App Engine writes without its number.
    private void WriteApplication()
    {
        var owner = network.Services[0];
        var location = network.Regions[0] switch { "us-central1" => "us-central", "europe-west1" => "europe-west", var region => region };
        assets.Write($"{AppEngine}/Application", AppEngine, $"apps/{owner.Id}", "v1", owner, location, new JsonObject
        {
            ["name"] = $"apps/{owner.Id}",
            ["id"] = owner.Id,
            ["locationId"] = location,
            ["servingStatus"] = "SERVING",
            ["serviceAccount"] = $"{owner.Id}@appspot.gserviceaccount.com",
        });
        var shares = new JsonObject();
        var versions = network.Workloads.FindAll(workload => workload.Kind == WorkloadKind.AppEngine);
        foreach (var version in versions)
        {
            shares[version.Id] = Math.Round(1.0 / versions.Count, 3);
        }

        assets.Write($"{AppEngine}/Service", AppEngine, $"apps/{owner.Id}/services/default", "v1", owner, location, new JsonObject
        {
            ["name"] = $"apps/{owner.Id}/services/default",
            ["id"] = "default",
            ["split"] = new JsonObject { ["shardBy"] = "RANDOM", ["allocations"] = shares },
        });
    }

    private string WriteVersion(WorkloadPlan workload)
    {
        var path = $"apps/{workload.Project.Id}/services/default/versions/{workload.Id}";
        var data = new JsonObject
        {
            ["name"] = path,
            ["id"] = workload.Id,
            ["servingStatus"] = "SERVING",
            ["env"] = "standard",
            ["runtime"] = "python312",
            ["serviceAccount"] = $"{workload.Project.Id}@appspot.gserviceaccount.com",
        };
        if (workload.Access is { Connector: { } connector } access)
        {
            data["vpcAccessConnector"] = new JsonObject { ["name"] = connector, ["egressSetting"] = access.AllTraffic ? "ALL_TRAFFIC" : "PRIVATE_IP_RANGES" };
        }

        return assets.Write($"{AppEngine}/Version", AppEngine, path, "v1", workload.Project, workload.RegionName, data);
    }

    private static JsonObject Ready(JsonObject data)
    {
        data["generation"] = "1";
        data["observedGeneration"] = "1";
        data["terminalCondition"] = new JsonObject { ["type"] = "Ready", ["state"] = "CONDITION_SUCCEEDED" };
        return data;
    }
}
