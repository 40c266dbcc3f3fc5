using System.CommandLine;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Spectre.Console;

namespace Auditor.Cli.Output;

/// <summary>How answers are printed.</summary>
internal enum Format
{
    Table,
    Json,
}

/// <summary>What the commands share in printing: answers on stdout, talk on stderr.</summary>
internal static class Answers
{
    /// <summary>The <c>--format</c> option.</summary>
    public static Option<Format> FormatOption() => new("--format") { Description = "table for people, json for programs", DefaultValueFactory = _ => Format.Table };

    /// <summary>Standard output for people: colours only on a terminal and without NO_COLOR.</summary>
    public static IAnsiConsole Out { get; } = CreateConsole();

    private static IAnsiConsole CreateConsole()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = Console.IsOutputRedirected || Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 } ? AnsiSupport.No : AnsiSupport.Detect,
            Out = new AnsiConsoleOutput(Console.Out),
        });
        if (Console.IsOutputRedirected)
        {
            console.Profile.Width = int.TryParse(Environment.GetEnvironmentVariable("COLUMNS"), NumberStyles.None, CultureInfo.InvariantCulture, out var columns) ? columns : 120;
        }

        return console;
    }

    /// <summary>Indented JSON on standard output.</summary>
    public static async Task WriteJsonAsync(Action<Utf8JsonWriter> write, CancellationToken cancellationToken)
    {
        using var buffer = new MemoryStream();
        await using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            write(writer);
        }

        buffer.WriteByte((byte)'\n');
        buffer.Position = 0;
        await using var stdout = Console.OpenStandardOutput();
        await buffer.CopyToAsync(stdout, cancellationToken);
    }

    /// <summary>The severity's colour on a terminal.</summary>
    public static string Paint(Findings.Severity severity) => severity switch
    {
        Findings.Severity.Critical => "[bold white on red]",
        Findings.Severity.High => "[bold red]",
        Findings.Severity.Medium => "[bold yellow]",
        Findings.Severity.Low => "[blue]",
        _ => "[grey]",
    };

    /// <summary>A name as people say it: kind, id and where.</summary>
    public static string Describe(Model.ResourceName name) =>
        $"{(name.Kind == Model.ResourceKind.Other ? "" : Model.KindTable.Of(name.Kind).Noun + " ")}{name.Id}{(Where(name) is { Length: > 0 } where ? $" ({where})" : "")}";

    private static string Where(Model.ResourceName name) =>
        string.Join(", ", new[] { name.Project, name.Location is "global" ? null : name.Location }.OfType<string>());
}
