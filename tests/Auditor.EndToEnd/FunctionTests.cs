using System.Net;
using System.Text;
using Auditor.Cli.Hosting;
using Auditor.Simulator.Demo;
using Auditor.Simulator.Entries;
using Microsoft.Extensions.Logging;

namespace Auditor.EndToEnd;

/// <summary>What the function answers to whatever comes in (design promise 8).</summary>
public sealed class FunctionTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("auditor-function-").FullName;
    private Demonstration _demo = null!;
    private HttpClient _client = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _demo = await Demonstration.StartAsync(Path.Combine(_folder, "auditor.db"), Token);
        _client = new HttpClient { BaseAddress = _demo.FunctionAddress };
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _demo.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("this is not JSON")]
    [InlineData("{}")]
    [InlineData("""{"message":{"data":"%%%not base64%%%","messageId":"1"},"subscription":"projects/p/subscriptions/s"}""")]
    [InlineData("""{"message":{"messageId":"1"},"subscription":"projects/p/subscriptions/s"}""")]
    [InlineData("""{"message":{"data":"aGVsbG8=","messageId":"1"},"subscription":"projects/p/subscriptions/s"}""")]
    public async Task WhatIsNotUnderstood_Is400_WithOneSentence(string body)
    {
        var (status, sentence) = await PostAsync(body);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.EndsWith(".", sentence.TrimEnd(), StringComparison.Ordinal);
        Assert.Single(sentence.TrimEnd().Split('\n'));
        Assert.DoesNotContain("Exception", sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"insertId":"1","logName":"projects/p/logs/cloudaudit.googleapis.com%2Fdata_access","timestamp":"2026-11-01T12:00:00Z","protoPayload":{"@type":"type.googleapis.com/google.cloud.audit.AuditLog","serviceName":"run.googleapis.com","methodName":"m"}}""")]
    [InlineData("""{"insertId":"1","logName":"projects/p/logs/cloudaudit.googleapis.com%2Factivity","timestamp":"2026-11-01T12:00:00Z","protoPayload":{"@type":"type.googleapis.com/google.cloud.audit.AuditLog","serviceName":"storage.googleapis.com","methodName":"storage.buckets.create","resourceName":"projects/_/buckets/b"}}""")]
    [InlineData("""{"insertId":"1","logName":"projects/p/logs/stdout","timestamp":"2026-11-01T12:00:00Z","textPayload":"hello"}""")]
    public async Task WhatIsIrrelevant_Is200_AndLeavesNothing(string entry)
    {
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(Encoding.UTF8.GetString(PubSubPush.Body(Encoding.UTF8.GetBytes(entry))))).Status);
        Assert.Equal(0, await _demo.Ledger.InboxDepthAsync(Token));
        Assert.Equal(0, (await _demo.Ledger.HeadAsync(Token)).Seq);
    }

    [Fact]
    public async Task TenMegabytes_AreRead()
    {
        var entry = $$"""{"insertId":"1","logName":"projects/p/logs/stdout","timestamp":"2026-11-01T12:00:00Z","textPayload":"{{new string('x', 10_000_000)}}"}""";
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(Encoding.UTF8.GetString(PubSubPush.Body(Encoding.UTF8.GetBytes(entry))))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(new string('x', 10_000_000))).Status);
    }

    [Fact]
    public async Task ACloudEvent_IsTakenInBinaryAndStructuredMode()
    {
        await _demo.SweepAsync(Token);
        var step = DemoScenario.Steps[0];
        step.Apply(_demo.Cloud);
        var entries = step.LogEntries(_demo.Entries);
        var push = Encoding.UTF8.GetString(PubSubPush.Body(entries[0]));

        using var binary = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new StringContent(push, Encoding.UTF8, "application/json") };
        foreach (var (name, value) in new[] { ("ce-specversion", "1.0"), ("ce-type", "google.cloud.pubsub.topic.v1.messagePublished"), ("ce-source", "//pubsub.googleapis.com/projects/p/topics/t"), ("ce-id", "1") })
        {
            binary.Headers.Add(name, value);
        }

        Assert.Equal(HttpStatusCode.OK, (await _client.SendAsync(binary, Token)).StatusCode);
        Assert.Equal(1, await _demo.Ledger.InboxDepthAsync(Token));

        var structured = $$"""{"specversion":"1.0","type":"google.cloud.pubsub.topic.v1.messagePublished","source":"//pubsub.googleapis.com/projects/p/topics/t","id":"2","datacontenttype":"application/json","data":{{Encoding.UTF8.GetString(PubSubPush.Body(entries[1]))}}}""";
        using var content = new StringContent(structured, Encoding.UTF8, "application/cloudevents+json");
        Assert.Equal(HttpStatusCode.OK, (await _client.PostAsync(new Uri("/", UriKind.Relative), content, Token)).StatusCode);
        Assert.Equal(0, await _demo.Ledger.InboxDepthAsync(Token));
    }

    [Fact]
    public async Task Routes_AnswerAsDocumented()
    {
        Assert.Equal("ok\n", await _client.GetStringAsync(new Uri("/healthz", UriKind.Relative), Token));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await _client.GetAsync(new Uri("/tasks/sweep", UriKind.Relative), Token)).StatusCode);
        using var sweep = await _client.PostAsync(new Uri("/tasks/sweep", UriKind.Relative), null, Token);
        Assert.Equal("""{"commits":1,"sent":1}""", await sweep.Content.ReadAsStringAsync(Token));
        using var dispatch = await _client.PostAsync(new Uri("/tasks/dispatch", UriKind.Relative), null, Token);
        Assert.Equal("""{"commits":0,"sent":0}""", await dispatch.Content.ReadAsStringAsync(Token));
    }

    [Fact]
    public async Task ASweepOfNothing_IsRefused_NamingTheSetting()
    {
        using var host = await FunctionHost.StartAsync(0, LogLevel.None, [new("Auditor:Ledger:Path", Path.Combine(_folder, "other.db"))], null, Token);
        using var client = new HttpClient { BaseAddress = FunctionHost.AddressOf(host) };
        using var answer = await client.PostAsync(new Uri("/tasks/sweep", UriKind.Relative), null, Token);
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Equal("No project is monitored; AUDITOR__GOOGLE__PROJECTS__0 names the first one.\n", await answer.Content.ReadAsStringAsync(Token));
        await host.StopAsync(Token);
    }

    private async Task<(HttpStatusCode Status, string Sentence)> PostAsync(string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await _client.PostAsync(new Uri("/", UriKind.Relative), content, Token);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Token));
    }
}
