using System.Collections.Immutable;
using Auditor.Adapters.Google;
using Auditor.Model;
using Auditor.Simulator;
using Auditor.Simulator.Demo;
using Auditor.Simulator.Hosting;

namespace Auditor.Tests.Adapters.GoogleReading;

/// <summary>The reader against the simulated Google Cloud on loopback.</summary>
public sealed class SimulatorReadingTests : IAsyncLifetime
{
    private readonly SimulatedCloud _cloud = DemoEstate.CreateCloud();
    private readonly HttpClient _client = new();
    private SimulatorHost _simulator = null!;

    public async ValueTask InitializeAsync() => _simulator = await SimulatorHost.StartAsync(_cloud, new SimulatorOptions { MaxPageSize = 3 }, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _simulator.DisposeAsync();
    }

    [Fact]
    public async Task Sweep_SeesEverythingThatExists_AndNothingElse()
    {
        var picture = await Reader().SweepAsync(TestContext.Current.CancellationToken);
        Assert.Empty(picture.Gaps);
        Assert.Equal(_cloud.Names.Where(name => name.Kind != ResourceKind.Other && (name.Project is null || DemoEstate.Projects.Contains(name.Project))), picture.States.Select(state => state.Name));
        Assert.Equal(0, _simulator.Requests.WriteAttempts);
    }

    /// <summary>Else every event would open a new version of what a sweep saw, and every sweep of what an event showed.</summary>
    [Fact]
    public async Task Read_OfOneResource_SaysTheSameAsASweep()
    {
        var reader = Reader();
        var picture = await reader.SweepAsync(TestContext.Current.CancellationToken);
        var numbers = picture.States.Where(state => state.Name.Kind == ResourceKind.Project)
            .Select(state => (Project)ResourceParser.Parse(state.Name, state.Json, ImmutableDictionary<string, string>.Empty).Resource!)
            .ToImmutableDictionary(project => project.Number!, project => project.ProjectId!);
        var states = await reader.ReadAsync([.. picture.States.Select(state => state.Name)], TestContext.Current.CancellationToken);
        Assert.All(picture.States.Zip(states), pair => Assert.Equal(
            ResourceParser.Parse(pair.First.Name, pair.First.Json, numbers).Resource,
            ResourceParser.Parse(pair.Second.Name, Assert.IsType<ResourceState.Present>(pair.Second).Json, numbers).Resource));
    }

    private GoogleReader Reader()
    {
        var options = new GoogleOptions { Endpoint = _simulator.Address.ToString() };
        foreach (var project in DemoEstate.Projects)
        {
            options.Projects.Add(project);
        }

        return new GoogleReader(_client, options, TimeProvider.System);
    }
}
