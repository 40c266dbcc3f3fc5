using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Auditor.Adapters.Channels;
using Auditor.Alerts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using static Auditor.Tests.Adapters.Channels.SampleAlert;

namespace Auditor.Tests.Adapters.Channels;

/// <summary>The webhook against a receiver on loopback that checks what it gets on its own.</summary>
public sealed class WebhookChannelTests : IAsyncLifetime
{
    private const string Secret = "correct horse battery staple";

    private readonly string _secretFile = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
    private readonly FakeTimeProvider _time = new(Noon.AddMinutes(5));
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false });
    private readonly List<(IHeaderDictionary Headers, byte[] Body, string Method)> _received = [];
    private WebApplication _receiver = null!;
    private RequestDelegate _answer = _ => Task.CompletedTask;

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(_secretFile, Secret + "\n", TestContext.Current.CancellationToken);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        _receiver = builder.Build();
        _receiver.Urls.Add("http://127.0.0.1:0");
        _receiver.Run(async http =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body, http.RequestAborted);
            _received.Add((new HeaderDictionary(http.Request.Headers.ToDictionary()), body.ToArray(), http.Request.Method));
            await _answer(http);
        });
        await _receiver.StartAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _receiver.DisposeAsync();
        File.Delete(_secretFile);
    }

    [Fact]
    public async Task Send_PostsASignedCloudEvent()
    {
        await SendAsync();
        var (headers, body, method) = Assert.Single(_received);
        Assert.Equal(("POST", "application/cloudevents+json; charset=utf-8"), (method, headers.ContentType.ToString()));
        Assert.Equal(_time.GetUtcNow().ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture), headers["Auditor-Timestamp"].ToString());

        using var hmac = new HMACSHA256(Encoding.UTF8.GetBytes(Secret));
        var signed = Encoding.UTF8.GetBytes(headers["Auditor-Timestamp"] + ".").Concat(body).ToArray();
        Assert.Equal($"v1={Convert.ToHexString(hmac.ComputeHash(signed)).ToLowerInvariant()}", headers["Auditor-Signature"].ToString());

        var json = JsonElement.Parse(body);
        Assert.Equal(
            ["specversion=1.0", "id=a1.hook", "source=//auditor", "type=dev.auditor.alert.v1", $"subject={Item.Resource}", "time=2026-11-01T12:00:02.5Z", "datacontenttype=application/json"],
            json.EnumerateObject().Where(property => property.Name != "data").Select(property => $"{property.Name}={property.Value}"));
        Assert.Equal("ops@example.com", json.GetProperty("data").GetProperty("cause").GetProperty("changes")[0].GetProperty("principal").GetString());
        Assert.Equal("high", json.GetProperty("data").GetProperty("severity").GetString());
    }

    [Fact]
    public async Task Send_ARepeat_HasTheSameIdAndBody_AndAFreshTimestamp()
    {
        await SendAsync();
        _time.Advance(TimeSpan.FromMinutes(1));
        await SendAsync();
        Assert.Equal(_received[0].Body, _received[1].Body);
        Assert.NotEqual(_received[0].Headers["Auditor-Timestamp"], _received[1].Headers["Auditor-Timestamp"]);
        Assert.NotEqual(_received[0].Headers["Auditor-Signature"], _received[1].Headers["Auditor-Signature"]);
    }

    [Theory]
    [InlineData(500, "webhook hook answered 500 Internal Server Error")]
    [InlineData(410, "webhook hook answered 410 Gone")]
    [InlineData(302, "webhook hook answered 302 Found")]
    public async Task Send_AnythingBut2xx_IsNotSent_AndTheReasonHoldsNoSecret(int status, string reason)
    {
        _answer = http =>
        {
            http.Response.StatusCode = status;
            http.Response.Headers.Location = "https://elsewhere.example/";
            return http.Response.WriteAsync($"your secret is {Secret}");
        };
        Assert.Equal(reason, (await Assert.ThrowsAsync<AlertNotSentException>(SendAsync)).Message);
        Assert.Single(_received);
    }

    [Fact]
    public async Task Send_ASlowReceiver_IsNotWaitedFor()
    {
        var asked = new TaskCompletionSource();
        _answer = http =>
        {
            asked.SetResult();
            return Task.Delay(Timeout.Infinite, http.RequestAborted);
        };
        var sending = SendAsync();
        await asked.Task;
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("webhook hook did not answer within 00:00:10", (await Assert.ThrowsAsync<AlertNotSentException>(() => sending)).Message);
    }

    [Fact]
    public async Task Send_NobodyThere_SaysSoWithoutTheAddress()
    {
        var channel = new WebhookChannel(_client, Options("http://127.0.0.1:1/secret-path"), _time);
        var e = await Assert.ThrowsAsync<AlertNotSentException>(() => channel.SendAsync(new OutboxItem(Problem, "hook"), TestContext.Current.CancellationToken));
        Assert.Equal("webhook hook could not be reached: ConnectionError", e.Message);
    }

    [Theory]
    [InlineData("http://example.com/hook", "k:Url is plain http to example.com; https is wanted for any host but this machine.")]
    [InlineData("https://user:pw@example.com/hook", "k:Url holds a user name or password; an address without is wanted, the signature tells the sender.")]
    [InlineData("/hook", "k:Url is no http address; an address that begins with https:// is wanted.")]
    [InlineData("", "k:Url is missing; an address that begins with https:// is wanted.")]
    [InlineData("https://example.com/hook", null)]
    [InlineData("http://localhost:8080/hook", null)]
    [InlineData("http://[::1]:8080/hook", null)]
    public void Options_TheAddressIsHttps_ExceptOnThisMachine(string url, string? problem) =>
        Assert.Equal(problem is null ? [] : [problem], Options(url).Problems("k"));

    [Fact]
    public void Options_NeedOneSecret_LongEnough_AndNeverTellIt()
    {
        var options = Options("https://example.com/hook");
        options.SecretEnvironment = "X";
        Assert.Equal(["k has two secrets; either SecretEnvironment or SecretFile is wanted."], options.Problems("k"));
        options.SecretFile = null;
        options.SecretEnvironment = "AUDITOR_TEST_NOT_SET";
        Assert.Equal(["k:SecretEnvironment is 'AUDITOR_TEST_NOT_SET', and that variable is empty or not set; a secret of at least 16 bytes is wanted."], options.Problems("k"));
        options.SecretEnvironment = null;
        Assert.Equal(["k has no secret; either SecretEnvironment or SecretFile is wanted."], options.Problems("k"));
        options.SecretFile = _secretFile;
        File.WriteAllText(_secretFile, "short\r\n");
        Assert.Equal([$"k:SecretFile is '{_secretFile}', and that file holds 5 bytes; a secret of at least 16 is wanted."], options.Problems("k"));
        File.Delete(_secretFile);
        Assert.Equal([$"k:SecretFile is '{_secretFile}', which cannot be read (FileNotFoundException); a readable file is wanted."], options.Problems("k"));
    }

    [Fact]
    public void Options_SayWhatElseIsWrong()
    {
        var options = Options("https://example.com/hook");
        (options.Name, options.Source, options.Timeout) = ("console", "", TimeSpan.FromMinutes(2));
        Assert.Equal(
            [
                "k:Name is 'console'; a name other than console, of letters, digits, '-' and '_', is wanted.",
                "k:Source is ''; a URI reference such as //auditor is wanted.",
                "k:Timeout is 00:02:00; 00:00:01 to 00:01:00 is wanted.",
            ],
            options.Problems("k"));
    }

    private Task SendAsync() =>
        new WebhookChannel(_client, Options($"{_receiver.Urls.First()}/in?token=x"), _time).SendAsync(new OutboxItem(Problem, "hook"), TestContext.Current.CancellationToken);

    private WebhookOptions Options(string url) => new() { Name = "hook", Url = url, SecretFile = _secretFile };
}
