using System.Text.Json.Nodes;
using Auditor.Model;
using Auditor.Simulator;

namespace Auditor.Tests.Simulator;

public sealed class SimulatedCloudTests
{
    private static readonly ResourceName s_name = ResourceName.Of(ResourceKind.Firewall, "p", "f");
    private readonly SimulatedCloud _cloud = new();

    [Fact]
    public void Find_GivesACopy()
    {
        _cloud.Insert(s_name, new JsonObject { ["priority"] = 1 });
        _cloud.Find(s_name)!["priority"] = 2;

        Assert.Equal(1, (int?)_cloud.Find(s_name)!["priority"]);
    }

    [Fact]
    public void Patch_Changes()
    {
        _cloud.Insert(s_name, new JsonObject { ["priority"] = 1 });
        _cloud.Patch(s_name, json => json["priority"] = 3);

        Assert.Equal(3, (int?)_cloud.Find(s_name)!["priority"]);
    }

    [Fact]
    public void Delete_Removes()
    {
        _cloud.Insert(s_name, []);
        _cloud.Delete(s_name);

        Assert.Null(_cloud.Find(s_name));
    }

    [Fact]
    public void Insert_Twice_Throws()
    {
        _cloud.Insert(s_name, []);

        Assert.Equal($"{s_name} exists already.", Assert.Throws<InvalidOperationException>(() => _cloud.Insert(s_name, [])).Message);
    }

    [Fact]
    public void Patch_OfWhatIsNotThere_Throws() => Assert.Equal($"{s_name} does not exist.", Assert.Throws<InvalidOperationException>(() => _cloud.Patch(s_name, _ => { })).Message);

    [Fact]
    public void ProjectId_KnowsNumbers()
    {
        _cloud.Insert(ResourceName.Of(ResourceKind.Project, "p"), new JsonObject { ["name"] = "projects/77" });

        Assert.Equal(("p", "p", null), (_cloud.ProjectId("77"), _cloud.ProjectId("p"), _cloud.ProjectId("78")));
    }
}
