using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Auditor.Simulator.Demo;
using Auditor.Simulator.Entries;

namespace Auditor.EndToEnd;

/// <summary><c>auditor serve</c> in a process of its own, set up by environment variables alone.</summary>
internal sealed partial class ServedFunction : IAsyncDisposable
{
    /// <summary>What its webhook signs with.</summary>
    public const string Secret = "a secret of more than sixteen bytes";

    private readonly Process _process;
    private readonly HttpClient _client = new();
    private readonly ConcurrentQueue<string> _said = new();
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServedFunction(ProcessStartInfo start) => _process = new Process { StartInfo = start };

    /// <summary>What it wrote last on standard error.</summary>
    public string Said => string.Join('\n', _said.TakeLast(10));

    public Uri Address => _client.BaseAddress!;

    /// <summary>Starts it on a free port; returns when it listens.</summary>
    /// <param name="folder">The working folder.</param>
    /// <param name="cloud">Where Google's APIs are.</param>
    /// <param name="alerts">Where its webhook posts to.</param>
    /// <param name="settings">More variables.</param>
    public static async Task<ServedFunction> StartAsync(string folder, string ledger, Uri cloud, Uri alerts, params (string Name, string Value)[] settings)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "auditor.dll"), "serve", "--port", "0", "--ledger", ledger])
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["AUDITOR__GOOGLE__ENDPOINT"] = cloud.ToString(),
                ["AUDITOR__CHANNELS__CONSOLE__ENABLED"] = "false",
                ["AUDITOR__CHANNELS__WEBHOOKS__0__NAME"] = "receiver",
                ["AUDITOR__CHANNELS__WEBHOOKS__0__URL"] = alerts.ToString(),
                ["AUDITOR__CHANNELS__WEBHOOKS__0__SECRETENVIRONMENT"] = "RECEIVER_SECRET",
                ["RECEIVER_SECRET"] = Secret,
            },
        };
        for (var i = 0; i < DemoEstate.Projects.Length; i++)
        {
            start.Environment[string.Create(CultureInfo.InvariantCulture, $"AUDITOR__GOOGLE__PROJECTS__{i}")] = DemoEstate.Projects[i];
        }

        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        var function = new ServedFunction(start);
        function._process.ErrorDataReceived += (_, line) => function.Hear(line.Data);
        function._process.Start();
        function._process.BeginOutputReadLine();
        function._process.BeginErrorReadLine();
        function._client.BaseAddress = await function._listening.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        return function;
    }

    /// <summary>Pushes a log entry as Pub/Sub would; null when the process ended before it answered.</summary>
    public async Task<HttpStatusCode?> PushAsync(byte[] entry)
    {
        using var push = new ByteArrayContent(PubSubPush.Body(entry));
        push.Headers.ContentType = new("application/json");
        try
        {
            using var answer = await _client.PostAsync(new Uri("/", UriKind.Relative), push, TestContext.Current.CancellationToken);
            return answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>Posts to one of the scheduler's tasks; gives the answer.</summary>
    public async Task<string> RunTaskAsync(string task)
    {
        using var answer = await _client.PostAsync(new Uri($"/tasks/{task}", UriKind.Relative), null, TestContext.Current.CancellationToken);
        return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Waits until it has said something.</summary>
    public async Task SaysAsync(string words)
    {
        for (var tries = 0; !_said.Any(line => line.Contains(words, StringComparison.Ordinal)); tries++)
        {
            Assert.True(tries < 100, $"It does not say '{words}', but: {Said}");
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Ends it at once, without a word (SIGKILL).</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Waits until it has ended by itself.</summary>
    public Task EndAsync() => _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

    /// <summary>Sends a signal, such as "STOP".</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, kill.ExitCode);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        _client.Dispose();
    }

    // It says on standard error where it listens.
    private void Hear(string? line)
    {
        _said.Enqueue(line ?? "(it ended)");
        if (line is null)
        {
            _listening.TrySetException(new InvalidOperationException(Said));
        }
        else if (Listening().Match(line) is { Success: true } match)
        {
            _listening.TrySetResult(new Uri(match.Groups["address"].Value));
        }
    }

    [GeneratedRegex(@"listening on (?<address>http://[^,]+),", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Listening();
}
