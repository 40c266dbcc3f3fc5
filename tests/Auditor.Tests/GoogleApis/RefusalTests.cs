#if !OFFICIAL_GOOGLE_PACKAGES
using System.Net;
using System.Net.Http.Headers;

namespace Auditor.Tests.GoogleApis;

/// <summary>Where the stand-in says more than the official framework: why a request is refused, in one sentence.</summary>
public sealed class RefusalTests
{
    private readonly Recorder _recorder = new();

    [Theory]
    [InlineData("raw-push-with-broken-base64", "The event data does not have the shape of its type: a value has the wrong type or is not base64.")]
    [InlineData("raw-push-without-subscription", "A Pub/Sub push has an object 'message' and a string 'subscription'.")]
    [InlineData("log-entry-alone", "The body is neither a Pub/Sub push nor an event with 'context' and 'data'.")]
    [InlineData("legacy-event-of-unknown-type", "The event's type is not the publishing of a Pub/Sub message.")]
    public async Task Envelope_IsRefused(string name, string sentence) =>
        await AssertRefusedAsync(Envelopes.FromFile(name), sentence);

    [Theory]
    [InlineData("", "The body is not valid JSON at line 1, byte 1.")]
    [InlineData("{\n  \"message\": }", "The body is not valid JSON at line 2, byte 14.")]
    [InlineData("[]", "The body is not a JSON object.")]
    [InlineData("{}", "The body is neither a Pub/Sub push nor an event with 'context' and 'data'.")]
    [InlineData("""{"message":{},"subscription":"s"}""", "The Pub/Sub message has no 'messageId'.")]
    [InlineData("""{"message":{"messageId":"1","publishTime":"soon"},"subscription":"s"}""", "The publish time is not a timestamp.")]
    [InlineData("""{"eventId":"1","eventType":"google.pubsub.topic.publish","data":{}}""", "The event's context names no resource.")]
    public async Task JsonBody_IsRefused(string body, string sentence) =>
        await AssertRefusedAsync(Envelopes.Json(body), sentence);

    [Theory]
    [InlineData("text/plain", "The request has neither CloudEvent headers nor a JSON body.")]
    [InlineData("application/cloudevents-batch+json", "The body is a batch of CloudEvents; send one event a request.")]
    public async Task ContentType_IsRefused(string contentType, string sentence) =>
        await AssertRefusedAsync(Envelopes.FromFile("structured-event", contentType), sentence);

    [Theory]
    [InlineData("{", "The body is not valid JSON.")]
    [InlineData("""{"message":{"publishTime":"soon"}}""",
        "The event data does not have the shape of its type: a value has the wrong type or is not base64.")]
    public async Task BinaryEventData_IsRefused(string body, string sentence) =>
        await AssertRefusedAsync(Envelopes.Binary(body), sentence);

    [Fact]
    public async Task UnknownVersion_IsRefused() =>
        await AssertRefusedAsync(Envelopes.Binary(body: null, version: "9.9"), "The header ce-specversion is not a version this server knows; use 1.0.");

    [Fact]
    public async Task EventWithoutId_IsRefused()
    {
        var content = Envelopes.Binary(body: null);
        content.Headers.Remove("ce-id");
        await AssertRefusedAsync(content, "The CloudEvent lacks an id, a source or a type.");
    }

    [Fact]
    public async Task StructuredEventWithoutType_IsRefused() =>
        await AssertRefusedAsync(
            Envelopes.Json("""{"specversion":"1.0","id":"1","source":"//s"}""", "application/cloudevents+json"),
            "The request is not a valid CloudEvent.");

    [Fact]
    public async Task TooLargeBody_Is413()
    {
        await using var server = await FunctionServer.StartAsync<PubSubFunction>(_recorder);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new ByteArrayContent(new byte[30_000_001]) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.ExpectContinue = true;
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await server.Client.SendAsync(request)).StatusCode);
    }

    private async Task AssertRefusedAsync(HttpContent content, string sentence)
    {
        await using var server = await FunctionServer.StartAsync<PubSubFunction>(_recorder);
        var answer = await server.Client.PostAsync("/", content);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("text/plain", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(sentence, await answer.Content.ReadAsStringAsync());
        Assert.Empty(_recorder.Calls);
    }
}
#endif
