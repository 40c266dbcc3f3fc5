using Auditor.Cli.Hosting;
using Auditor.Findings;
using Auditor.Simulator.Demo;

namespace Auditor.EndToEnd;

/// <summary>The demonstration over HTTP: simulator, function, ledger, each step as it tells of itself.</summary>
public sealed class DemoTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("auditor-demo-").FullName;
    private Demonstration _demo = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _demo = await Demonstration.StartAsync(Path.Combine(_folder, "auditor.db"), Token);

    public async ValueTask DisposeAsync()
    {
        await _demo.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Each step opens and resolves exactly the findings, with exactly the reasons, that are written beside it by hand.</summary>
    [Fact]
    public async Task EveryStep_DoesExactlyWhatIsWrittenBesideIt()
    {
        await _demo.SweepAsync(Token);
        var baseline = await _demo.CommitsAfterAsync(0, Token);
        Assert.Equal(Lines(DemoEstate.Baseline), Lines(baseline.SelectMany(commit => commit.Transitions)));
        Assert.All(baseline, commit => Assert.Equal(CauseKind.Baseline, commit.Kind));

        var seq = baseline[^1].Seq;
        foreach (var step in DemoScenario.Steps)
        {
            step.Apply(_demo.Cloud);
            foreach (var entry in step.LogEntries(_demo.Entries))
            {
                Assert.Equal(200, (int)await _demo.PushAsync(entry, Token));
            }

            var commits = await _demo.CommitsAfterAsync(seq, Token);
            seq = commits.Count > 0 ? commits[^1].Seq : seq;
            var transitions = commits.SelectMany(commit => commit.Transitions).ToList();
            Assert.Equal((step.Name, Lines(step.Opens)), (step.Name, Lines(transitions.Where(transition => transition.Kind is TransitionKind.Opened or TransitionKind.Reopened))));
            Assert.Equal((step.Name, Lines(step.Resolves)), (step.Name, Lines(transitions.Where(transition => transition.Kind == TransitionKind.Resolved))));
            Assert.All(transitions, transition => Assert.NotEmpty(transition.Cause.Changes));
        }

        // The cloud was only read.
        Assert.Equal(0, _demo.Simulator.Requests.WriteAttempts);

        var open = (await _demo.Ledger.LoadAsync(Token)).Findings.Values.Where(finding => finding.IsOpen);
        Assert.Equal(
            Lines(DemoEstate.Baseline.Concat(DemoScenario.Steps.SelectMany(step => step.Opens)).Where(expected => !DemoScenario.Steps.Any(step => step.Resolves.Contains(expected)))),
            string.Join('\n', open.Select(finding => $"{finding.RuleId} {finding.Resource} [{finding.Discriminator}] {finding.Because}").Order(StringComparer.Ordinal)));

        // A sweep after all that finds nothing that was missed.
        await _demo.SweepAsync(Token);
        Assert.Empty((await _demo.CommitsAfterAsync(seq, Token)).SelectMany(commit => commit.Transitions));
    }

    private static string Lines(IEnumerable<ExpectedFinding> findings) =>
        string.Join('\n', findings.Select(finding => $"{finding.RuleId} {finding.Resource} [{finding.Discriminator}] {finding.Because}").Order(StringComparer.Ordinal));

    private static string Lines(IEnumerable<Transition> transitions) =>
        string.Join('\n', transitions.Select(transition => $"{transition.RuleId} {transition.Resource} [{transition.Discriminator}] {transition.Because}").Order(StringComparer.Ordinal));
}
