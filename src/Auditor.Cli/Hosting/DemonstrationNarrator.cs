using System.Globalization;
using Auditor.Changes;
using Auditor.Cli.Output;
using Auditor.Findings;
using Auditor.Ledger;
using Auditor.Simulator.Demo;
using Spectre.Console;

namespace Auditor.Cli.Hosting;

/// <summary>Plays the demonstration's steps and tells on the terminal what each event did.</summary>
internal sealed class DemonstrationNarrator(Demonstration demo, IAnsiConsole console)
{
    private const int EventColumn = 4;
    private const int OutcomeColumn = 8;

    private long _seq;
    private int _waiting;
    private int _events;
    private int _alerts;

    public async Task TellAsync(CancellationToken cancellationToken)
    {
        console.MarkupLine("[bold]Auditor, a demonstration[/]");
        Wrapped.Write(console, "", 0, $"A simulated Google Cloud answers on {demo.Simulator.Address}, the function listens on {demo.FunctionAddress}; log entries go through {demo.Route}, findings to {demo.LedgerPath}.");
        console.WriteLine();
        console.MarkupLine("[bold] 0. The first sweep reads everything once; what is open from the start is the baseline.[/]");
        await demo.SweepAsync(cancellationToken);
        foreach (var commit in await NewCommitsAsync(cancellationToken))
        {
            Say(string.Create(CultureInfo.InvariantCulture, $"commit {commit.Seq}: {commit.Resources.Count} resources read with {demo.Simulator.Requests.All.Count} requests, {commit.Transitions.Count} findings open"));
        }

        TellAlerts();
        var number = 0;
        foreach (var step in DemoScenario.Steps)
        {
            console.WriteLine();
            console.MarkupLine($"[bold]{++number,2}. {Markup.Escape(step.Story)}[/]");
            step.Apply(demo.Cloud);
            await TellAsync(step.LogEntries(demo.Entries), cancellationToken);
        }

        await SummariseAsync(cancellationToken);
    }

    // What Google's own agents do in the wake of a call is told in one line.
    private async Task TellAsync(IReadOnlyList<byte[]> entries, CancellationToken cancellationToken)
    {
        for (var i = 0; i < entries.Count; i++)
        {
            var echoes = entries.Skip(i).TakeWhile(IsEcho).Count();
            if (echoes > 2)
            {
                await TellEchoesAsync([.. entries.Skip(i).Take(echoes)], cancellationToken);
                i += echoes - 1;
            }
            else
            {
                await TellAsync(entries[i], cancellationToken);
            }
        }
    }

    private async Task TellAsync(byte[] entry, CancellationToken cancellationToken)
    {
        var (words, change) = Describe(entry);
        var commits = await PushAsync(entry, cancellationToken);
        var waiting = await demo.Ledger.InboxDepthAsync(cancellationToken);
        var outcome = commits.Count > 0 || change is null ? "" : waiting > _waiting ? ": waits for the last entry of its operation" : ": was here before, changes nothing";
        _waiting = waiting;
        Wrapped.Write(console, "", EventColumn, $"event {words}{outcome}");
        foreach (var commit in commits)
        {
            Say(Describe(commit));
        }

        TellAlerts();
    }

    private async Task TellEchoesAsync(byte[][] entries, CancellationToken cancellationToken)
    {
        var commits = new List<Commit>();
        foreach (var entry in entries)
        {
            commits.AddRange(await PushAsync(entry, cancellationToken));
        }

        _waiting = await demo.Ledger.InboxDepthAsync(cancellationToken);
        Wrapped.Write(console, "", EventColumn, string.Create(CultureInfo.InvariantCulture, $"event {Describe(entries[0]).Words}, and {entries.Length - 1} more entries of Google's agents"));
        if (commits.Count > 0)
        {
            Say(string.Create(CultureInfo.InvariantCulture, $"commits {commits[0].Seq} to {commits[^1].Seq}: {commits.Sum(commit => commit.Resources.Count)} resources changed; {Outcome(commits)}"));
        }

        TellAlerts();
    }

    private async Task<IReadOnlyList<Commit>> PushAsync(byte[] entry, CancellationToken cancellationToken)
    {
        _events++;
        var status = await demo.PushAsync(entry, cancellationToken);
        if ((int)status is < 200 or > 299)
        {
            Say(string.Create(CultureInfo.InvariantCulture, $"the function answered {(int)status}"));
        }

        return await NewCommitsAsync(cancellationToken);
    }

    // What the event is, in the words of the decoder that the function uses as well.
    private static (string Words, Change? Change) Describe(byte[] entry) => AuditEventReader.Read(entry)[0] switch
    {
        AuditReading.Understood { Event: var auditEvent } => ChangeDecoder.Decode(auditEvent) switch
        {
            ChangeDecoding.Decoded { Change: var change } => ($"{change.Describe()}{Part(change)}", change),
            ChangeDecoding.NotCovered other => ($"let go: {other.Reason}", null),
            _ => throw new InvalidOperationException("No such decoding."),
        },
        AuditReading.Irrelevant other => ($"let go: {other.Reason}", null),
        var bad => (bad.ToString()!, null),
    };

    private static string Part(Change change) =>
        (change.IsFirst ? ", first entry" : change.IsLast ? ", last entry" : "")
        + (change.Trigger is Trigger.RecordOnly only ? $", only recorded: {only.Reason}" : change.Status is { } status ? $", failed: {status.Message}" : "");

    private static bool IsEcho(byte[] entry) => Describe(entry).Change?.Principal?.Email?.EndsWith("@cloudservices.gserviceaccount.com", StringComparison.Ordinal) ?? false;

    private static string Describe(Commit commit)
    {
        var changed = commit.Resources.Select(version => version.Json is null ? $"{version.Name.Id} is gone" : $"{version.Name.Id} changed").ToList();
        return string.Create(CultureInfo.InvariantCulture, $"commit {commit.Seq}: {(changed.Count == 0 ? "nothing changed" : string.Join(", ", changed))}; {Outcome([commit])}");
    }

    private static string Outcome(IReadOnlyList<Commit> commits)
    {
        var opened = commits.Sum(commit => commit.Transitions.Count(transition => transition.Kind is TransitionKind.Opened or TransitionKind.Reopened));
        var resolved = commits.Sum(commit => commit.Transitions.Count(transition => transition.Kind == TransitionKind.Resolved));
        return (opened, resolved) switch
        {
            (0, 0) => "no finding opened or resolved",
            (_, 0) => string.Create(CultureInfo.InvariantCulture, $"{opened} opened"),
            (0, _) => string.Create(CultureInfo.InvariantCulture, $"{resolved} resolved"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{opened} opened, {resolved} resolved"),
        };
    }

    private void Say(string text) => Wrapped.Write(console, "", OutcomeColumn, text);

    // The console channel wrote them while the function handled the event.
    private void TellAlerts()
    {
        foreach (var line in demo.TakeAlerts().Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            _alerts += line[0] == ' ' ? 0 : 1;
            console.Profile.Out.Writer.WriteLine($"{new string(' ', OutcomeColumn)}{line}");
        }
    }

    private async Task<IReadOnlyList<Commit>> NewCommitsAsync(CancellationToken cancellationToken)
    {
        var commits = await demo.CommitsAfterAsync(_seq, cancellationToken);
        _seq = commits.Count > 0 ? commits[^1].Seq : _seq;
        return commits;
    }

    private async Task SummariseAsync(CancellationToken cancellationToken)
    {
        var findings = (await demo.Ledger.LoadAsync(cancellationToken)).Findings.Values.ToList();
        var open = findings.Where(finding => finding.IsOpen).OrderByDescending(finding => finding.Severity).ThenBy(finding => finding.RuleId, StringComparer.Ordinal).ToList();
        console.WriteLine();
        console.MarkupLine("[bold]Summary[/]");
        Wrapped.Write(console, "", EventColumn, string.Create(
            CultureInfo.InvariantCulture,
            $"{_events} events, {_alerts} alerts, {findings.Count} findings: {findings.Count(finding => !finding.IsOpen)} resolved, {open.Count} open. The cloud answered {demo.Simulator.Requests.All.Count} reads and saw {demo.Simulator.Requests.WriteAttempts} writes."));
        foreach (var finding in open)
        {
            console.MarkupLine($"    {Answers.Paint(finding.Severity)}{finding.Severity.ToString().ToLowerInvariant(),-8}[/] {finding.RuleId} {Markup.Escape(Answers.Describe(finding.Resource))}");
        }

        var ledger = demo.LedgerPath == Path.Combine(".auditor", "auditor.db") ? "" : $" --ledger {demo.LedgerPath}";
        console.WriteLine();
        if (!demo.IsKept)
        {
            Wrapped.Write(console, "", 0, "The emulators end now, and the findings with them; 'artifacts/auditor run' plays the same and keeps them in a file.");
            console.WriteLine();
        }

        console.MarkupLine("[bold]Try next[/]");
        foreach (var (command, what) in new[]
        {
            ($"artifacts/auditor findings{ledger}", "what is open"),
            ($"artifacts/auditor history CON012{ledger}", "what opened and closed, when, by whom"),
            ("artifacts/auditor explain NAT002", "a rule: what, why it matters, how to fix"),
            ("artifacts/auditor check --assets FILE", "judge an export of your own project"),
        }.Skip(demo.IsKept ? 0 : 2))
        {
            console.Profile.Out.Writer.WriteLine($"    {command,-40} {what}");
        }
    }
}
