using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Reflection.Emit;
using System.Text.Json;
using Google.Cloud.Functions.Framework;
using Google.Cloud.Functions.Hosting;
using Microsoft.AspNetCore.Http;

namespace Auditor.Tests.GoogleApis;

/// <summary>Tests that change what belongs to the process: environment variables and the console.</summary>
[CollectionDefinition(nameof(ProcessWide), DisableParallelization = true)]
public sealed class ProcessWide;

/// <summary>How a function's process chooses its function, port, address and log format.</summary>
[Collection(nameof(ProcessWide))]
public sealed class FunctionProcessTests : IDisposable
{
    private static readonly Assembly s_assembly = typeof(FunctionProcessTests).Assembly;
    private static readonly string s_echo = typeof(EchoFunction).FullName!;
    private readonly Recorder _recorder = new();
    private readonly Dictionary<string, string?> _before = [];
    private readonly TextWriter _console = Console.Out;

    public FunctionProcessTests()
    {
        Console.SetOut(TextWriter.Null);
        foreach (var name in (string[])["FUNCTION_TARGET", "PORT", "DOTNET_RUNNING_IN_CONTAINER", "K_SERVICE"])
        {
            _before[name] = Environment.GetEnvironmentVariable(name);
            Environment.SetEnvironmentVariable(name, null);
        }
    }

    public void Dispose()
    {
        Console.SetOut(_console);
        foreach (var (name, value) in _before)
        {
            Environment.SetEnvironmentVariable(name, value);
        }
    }

    [Fact]
    public async Task Target_IsTheOption()
    {
        Environment.SetEnvironmentVariable("FUNCTION_TARGET", typeof(LoggingFunction).FullName);
        await using var server = await FunctionServer.StartAsync(s_assembly, _recorder, "--target", s_echo, "--port", "0");
        Assert.Equal("GET /", await server.Client.GetStringAsync("/"));
    }

    [Fact]
    public async Task Target_IsTheOnlyArgument()
    {
        Environment.SetEnvironmentVariable("PORT", "0");
        await using var server = await FunctionServer.StartAsync(s_assembly, _recorder, s_echo);
        Assert.Equal("GET /", await server.Client.GetStringAsync("/"));
    }

    [Fact]
    public async Task Target_IsTheEnvironmentVariable()
    {
        Environment.SetEnvironmentVariable("FUNCTION_TARGET", s_echo);
        await using var server = await FunctionServer.StartAsync(s_assembly, _recorder, "--port", "0");
        Assert.Equal("GET /", await server.Client.GetStringAsync("/"));
    }

    [Fact]
    public async Task Target_IsTheOnlyFunctionClass()
    {
        await using var server = await FunctionServer.StartAsync(AssemblyWithOneFunction(), _recorder, "--port", "0");
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("/")).StatusCode);
    }

    [Fact]
    public async Task Target_MustBeNamed_WhenThereAreSeveralFunctionClasses() =>
        await Assert.ThrowsAsync<ArgumentException>(() => FunctionServer.StartAsync(s_assembly, _recorder, "--port", "0"));

    [Fact]
    public async Task Target_MustExist() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => FunctionServer.StartAsync(s_assembly, _recorder, "--target", "No.Such", "--port", "0"));

    [Fact]
    public async Task Port_IsTheOption()
    {
        var port = FreePort();
        Environment.SetEnvironmentVariable("PORT", "1");
        await using var server = await FunctionServer.StartAsync(s_assembly, _recorder, "--target", s_echo, "--port", $"{port}");
        Assert.Equal(port, server.Address.Port);
    }

    [Fact]
    public async Task Port_IsTheEnvironmentVariable()
    {
        var port = FreePort();
        Environment.SetEnvironmentVariable("PORT", $"{port}");
        await using var server = await FunctionServer.StartAsync(s_assembly, _recorder, s_echo);
        Assert.Equal(port, server.Address.Port);
    }

    [Fact]
    public async Task Port_Is8080_WhenNothingNamesOne()
    {
        try
        {
            await using var server = await FunctionServer.StartAsync(s_assembly, _recorder, s_echo);
            Assert.Equal(new Uri("http://127.0.0.1:8080"), server.Address);
        }
        catch (IOException e)
        {
            // Another process may hold the port; the refusal names it just as well.
            Assert.Contains("127.0.0.1:8080", e.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(null, "127.0.0.1")]
    [InlineData("false", "127.0.0.1")]
    [InlineData("true", "0.0.0.0")]
    public async Task Address_IsLoopback_UnlessInAContainer(string? inContainer, string address)
    {
        Environment.SetEnvironmentVariable("DOTNET_RUNNING_IN_CONTAINER", inContainer);
        await using var server = await FunctionServer.StartAsync(s_assembly, _recorder, "--target", s_echo, "--port", "0");
        Assert.Equal(address, server.Address.Host);
    }

    [Fact]
    public async Task Logs_AreJsonForCloudLogging_WhenAServiceRuns()
    {
        Environment.SetEnvironmentVariable("K_SERVICE", "auditor");
        var line = (await LogAsync()).Single(text => text.Contains("Read 7 rules", StringComparison.Ordinal));
        using var entry = JsonDocument.Parse(line);
        Assert.Equal("WARNING", entry.RootElement.GetProperty("severity").GetString());
        Assert.Equal("Read 7 rules", entry.RootElement.GetProperty("message").GetString());
        Assert.Equal("7", entry.RootElement.GetProperty("format_parameters").GetProperty("Count").GetString());
        Assert.Contains("net-host-7", entry.RootElement.GetProperty("scopes").GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Logs_ArePlain_Otherwise()
    {
        var lines = await LogAsync();
        Assert.Contains(lines, text => text.Contains("Read 7 rules", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, text => text.StartsWith('{'));
    }

    [Fact]
    public async Task Startups_RunInTheirOrder()
    {
        await using var server = await FunctionServer.StartAsync(s_assembly, _recorder, "--target", s_echo, "--port", "0");
        await server.Client.GetAsync("/");
        Assert.Equal(["first", "second"], _recorder.Steps);
    }

    [Fact]
    public async Task EntryPoint_ServesUntilStopped_AndReturnsZero()
    {
        var port = FreePort();
        var process = EntryPoint.StartAsync(s_assembly, ["--target", typeof(StoppingFunction).FullName!, "--port", $"{port}"]);
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        Assert.Equal("stopping", await GetWhenListeningAsync(client));
        Assert.Equal(0, await process.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    private static async Task<string> GetWhenListeningAsync(HttpClient client)
    {
        while (true)
        {
            try
            {
                return await client.GetStringAsync("/");
            }
            catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConnectionError)
            {
                await Task.Delay(10, TestContext.Current.CancellationToken);
            }
        }
    }

    private async Task<string[]> LogAsync()
    {
        var output = new StringWriter();
        Console.SetOut(TextWriter.Synchronized(output));
        await using (var server = await FunctionServer.StartAsync(s_assembly, _recorder, "--target", typeof(LoggingFunction).FullName!, "--port", "0"))
        {
            await server.Client.GetAsync("/");
        }

        Console.SetOut(TextWriter.Null);
        return output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>A public class that does nothing for a request.</summary>
    private static AssemblyBuilder AssemblyWithOneFunction()
    {
        var assembly = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("OneFunction"), AssemblyBuilderAccess.Run);
        var type = assembly.DefineDynamicModule("OneFunction").DefineType("Function", TypeAttributes.Public, typeof(object), [typeof(IHttpFunction)]);
        var method = type.DefineMethod(nameof(IHttpFunction.HandleAsync), MethodAttributes.Public | MethodAttributes.Virtual, typeof(Task), [typeof(HttpContext)]);
        var code = method.GetILGenerator();
        code.Emit(OpCodes.Call, typeof(Task).GetProperty(nameof(Task.CompletedTask))!.GetMethod!);
        code.Emit(OpCodes.Ret);
        type.CreateType();
        return assembly;
    }
}
