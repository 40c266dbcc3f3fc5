using System.CommandLine;
using System.Globalization;
using Auditor.Adapters;
using Auditor.Cli.Hosting;
using Auditor.Cli.Output;
using Auditor.Function;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Auditor.Cli.Commands;

/// <summary><c>auditor serve</c>: the function endpoint on loopback, until it is interrupted.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var port = new Option<int>("--port") { Description = "the port on 127.0.0.1", DefaultValueFactory = _ => 8080 };
        var (config, ledger) = (Settings.ConfigOption(), new Option<string?>("--ledger") { Description = "the ledger: a SQLite file, or firestore:PROJECT/DATABASE/NAME; the configuration's by default" });
        port.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 0 or > 65535)
            {
                result.AddError("--port is out of range; 0 to 65535 was expected.");
            }
        });
        var command = new Command("serve", "Serve the function endpoint: POST / takes events; /healthz, /tasks/sweep, /tasks/dispatch") { port, config, ledger };
        command.SetAction((parsed, cancellationToken) =>
        {
            var settings = Settings.Read(parsed.GetValue(config));
            return RunAsync(parsed.GetValue(port), parsed.GetValue(config), parsed.GetValue(ledger) ?? settings.LedgerPath, cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(int port, string? config, string ledger, CancellationToken cancellationToken)
    {
        using var host = await StartAsync(port, config, ledger, cancellationToken);
        await Console.Error.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"auditor: listening on {FunctionHost.AddressOf(host)}, ledger {ledger}. POST / takes events, POST /tasks/sweep compares with Google Cloud, GET /healthz answers ok. Ctrl+C ends."));
        if (host.Services.GetRequiredService<IOptions<AuditorOptions>>().Value.Google.Projects.Count == 0)
        {
            await Console.Error.WriteLineAsync($"auditor: no project is monitored, so there is nothing to sweep; {Startup.FirstProject} names the first one.");
        }

        await host.WaitForShutdownAsync(cancellationToken);
        return ExitCodes.Clean;
    }

    private static async Task<IHost> StartAsync(int port, string? config, string ledger, CancellationToken cancellationToken)
    {
        try
        {
            return await FunctionHost.StartAsync(port, LogLevel.Information, config is null ? [new("Auditor:Ledger:Path", ledger)] : [new("Auditor:Ledger:Path", ledger), new("Auditor:Config", config)], null, cancellationToken);
        }
        catch (IOException e) when (e.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"port {port} of 127.0.0.1 is taken; --port names another."));
        }
        catch (Microsoft.Extensions.Options.OptionsValidationException e)
        {
            throw new UsageException(string.Join(' ', e.Failures));
        }
    }
}
