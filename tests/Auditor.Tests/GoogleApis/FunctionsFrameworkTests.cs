using System.Net;
using System.Text.Json;
using CloudNative.CloudEvents;
using Google.Events.Protobuf.Cloud.PubSub.V1;
using Microsoft.Extensions.Logging;

namespace Auditor.Tests.GoogleApis;

/// <summary>
/// What Auditor relies on in Google's Functions Framework. The class holds for the stand-in and, with the property
/// OfficialGooglePackages, for the real one.
/// </summary>
public sealed class FunctionsFrameworkTests
{
    private static readonly DateTimeOffset s_published = new(2026, 11, 22, 9, 15, 5, 560, TimeSpan.Zero);
    private readonly Recorder _recorder = new();

    [Theory]
    [InlineData("GET", "/")]
    [InlineData("POST", "/tasks/sweep")]
    [InlineData("DELETE", "/projects/p/topics/t")]
    public async Task EveryPath_ReachesTheFunction(string method, string path)
    {
        await using var server = await FunctionServer.StartAsync<EchoFunction>(_recorder);
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        var answer = await server.Client.SendAsync(request);
        Assert.Equal($"{method} {path}", await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("/robots.txt")]
    [InlineData("/favicon.ico")]
    public async Task WhatBrowsersAskByThemselves_IsNotFound(string path)
    {
        await using var server = await FunctionServer.StartAsync<EchoFunction>(_recorder);
        Assert.Equal(HttpStatusCode.NotFound, (await server.Client.GetAsync(path)).StatusCode);
    }

    [Fact]
    public async Task BinaryEvent_IsDecoded()
    {
        await PostAsync(Envelopes.Binary(Envelopes.Text("binary-event-data-with-unknown-members")));
        AssertEventarcEvent(subscription: "projects/audit-home/subscriptions/auditor-push");
    }

    [Fact]
    public async Task StructuredEvent_IsDecoded()
    {
        await PostAsync(Envelopes.FromFile("structured-event", "application/cloudevents+json; charset=utf-8"));
        AssertEventarcEvent(subscription: "projects/audit-home/subscriptions/auditor-push");
    }

    [Theory]
    [InlineData("legacy-event-with-context")]
    [InlineData("legacy-event-without-context")]
    public async Task LegacyEvent_BecomesTheEventThatEventarcSends(string name)
    {
        await PostAsync(Envelopes.FromFile(name));
        AssertEventarcEvent(subscription: "");
    }

    [Fact]
    public async Task RawPush_BecomesTheEventThatEventarcSends()
    {
        await PostAsync(Envelopes.FromFile("raw-push-with-both-spellings"), "/" + Envelopes.Topic);
        AssertEventarcEvent(subscription: "projects/audit-home/subscriptions/auditor-push");
        Assert.DoesNotContain(_recorder.Logs, log => log.Level == LogLevel.Warning);
    }

    [Fact]
    public async Task RawPush_WithoutTopicInThePath_HasAPlaceholderAndAWarning()
    {
        await PostAsync(Envelopes.FromFile("raw-push-with-both-spellings"), "/push");
        var (cloudEvent, _) = Assert.Single(_recorder.Calls);
        Assert.Equal("//pubsub.googleapis.com/projects/unknown-project!/topics/unknown-topic!", cloudEvent.Source!.OriginalString);
        Assert.Single(_recorder.Logs, log => log.Level == LogLevel.Warning);
    }

    [Fact]
    public async Task EmptyBody_InBinaryMode_ReachesTheFunctionWithoutData()
    {
        await PostAsync(Envelopes.Binary(body: null));
        Assert.Null(Assert.Single(_recorder.Calls).Data);
    }

    [Fact]
    public async Task UntypedFunction_ReceivesTheDataUndecoded()
    {
        await using var server = await FunctionServer.StartAsync<UntypedFunction>(_recorder);
        var answer = await server.Client.PostAsync("/" + Envelopes.Topic, Envelopes.FromFile("raw-push-with-both-spellings"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var data = Assert.IsType<JsonElement>(Assert.Single(_recorder.Calls).Data);
        Assert.Equal(Envelopes.MessageId, data.GetProperty("message").GetProperty("messageId").GetString());
    }

    [Fact]
    public async Task Success_Is200WithAnEmptyBody()
    {
        await using var server = await FunctionServer.StartAsync<PubSubFunction>(_recorder);
        var answer = await server.Client.PostAsync("/", Envelopes.FromFile("raw-push-with-both-spellings"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("legacy-event-of-unknown-type")]
    [InlineData("raw-push-with-broken-base64")]
    [InlineData("raw-push-without-subscription")]
    [InlineData("log-entry-alone")]
    public async Task ConversionFailure_Is400AndReachesNoFunction(string name)
    {
        await using var server = await FunctionServer.StartAsync<PubSubFunction>(_recorder);
        var answer = await server.Client.PostAsync("/", Envelopes.FromFile(name));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Empty(_recorder.Calls);
    }

    [Fact]
    public async Task FunctionException_Is500WithoutDetail()
    {
        _recorder.OnCall = () => throw new InvalidOperationException("the secret detail");
        await using var server = await FunctionServer.StartAsync<PubSubFunction>(_recorder);
        var answer = await server.Client.PostAsync("/", Envelopes.FromFile("structured-event", "application/cloudevents+json"));
        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task FunctionException_PassesThroughTheMiddlewareOfStartups()
    {
        _recorder.OnCall = () => throw new FormatException("The message is no log entry.");
        await using var server = await FunctionServer.StartAsync<PubSubFunction>(_recorder, new RefusingStartup());
        var answer = await server.Client.PostAsync("/", Envelopes.FromFile("raw-push-with-both-spellings"));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("The message is no log entry.", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task EachRequest_HasItsOwnScope()
    {
        await using var server = await FunctionServer.StartAsync<ScopeFunction>(_recorder, new RefusingStartup());
        Assert.Equal("True 1", await server.Client.GetStringAsync("/"));
        Assert.Equal("True 2", await server.Client.GetStringAsync("/"));
    }

    [Fact]
    public async Task LargestPubSubMessage_IsRead()
    {
        var data = new byte[10_000_000];
        var body = $$"""{"message":{"data":"{{Convert.ToBase64String(data)}}","messageId":"1"},"subscription":"projects/p/subscriptions/s"}""";
        await PostAsync(Envelopes.Json(body));
        Assert.Equal(data.Length, ((MessagePublishedData)Assert.Single(_recorder.Calls).Data!).Message.Data.Length);
    }

    private async Task PostAsync(HttpContent content, string path = "/")
    {
        await using var server = await FunctionServer.StartAsync<PubSubFunction>(_recorder);
        var answer = await server.Client.PostAsync(path, content);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private void AssertEventarcEvent(string subscription)
    {
        var (cloudEvent, data) = Assert.Single(_recorder.Calls);
        Assert.Equal(CloudEventsSpecVersion.V1_0, cloudEvent.SpecVersion);
        Assert.Equal(Envelopes.MessageId, cloudEvent.Id);
        Assert.Equal("google.cloud.pubsub.topic.v1.messagePublished", cloudEvent.Type);
        Assert.Equal("//pubsub.googleapis.com/" + Envelopes.Topic, cloudEvent.Source!.OriginalString);
        Assert.Equal(s_published, cloudEvent.Time);

        var published = Assert.IsType<MessagePublishedData>(data);
        Assert.Equal(subscription, published.Subscription);
        Assert.Equal(Envelopes.MessageId, published.Message.MessageId);
        Assert.Equal(s_published, published.Message.PublishTime.ToDateTimeOffset());
        Assert.Equal("2026-11-22T09:15:03.123456Z", published.Message.Attributes["logging.googleapis.com/timestamp"]);
        using var entry = JsonDocument.Parse(published.Message.Data.Memory);
        Assert.Equal("-k3v0x8e2p4q1", entry.RootElement.GetProperty("insertId").GetString());
    }
}
