using System.CommandLine;
using System.Globalization;
using Auditor.Cli.Output;
using Auditor.Simulator.Generator;

namespace Auditor.Cli.Commands;

/// <summary><c>auditor generate</c>: an estate to try the auditor on or to measure with, as an asset export.</summary>
internal static class GenerateCommand
{
    private static readonly string[] s_sizes = ["small", "medium", "large"];
    private static readonly string[] s_shapes = ["random", "early-deny", "fall-through"];

    public static Command Create()
    {
        var size = new Option<string>("--size") { Description = "100, 1,000 or 10,000 workloads, with everything around them", Required = true };
        size.AcceptOnlyFromAmong(s_sizes);
        var shape = new Option<string>("--shape") { Description = "how firewall rules are laid out", DefaultValueFactory = _ => s_shapes[0] };
        shape.AcceptOnlyFromAmong(s_shapes);
        var seed = new Option<ulong>("--seed") { Description = "the same size, shape and seed give the same bytes", DefaultValueFactory = _ => 7 };
        var file = new Option<string?>("--out") { Description = "the file to write; standard output by default" };
        var command = new Command("generate", "Write a made-up estate as newline-delimited assets, mostly healthy, with known faults") { size, shape, seed, file };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var output = Open(parsed.GetValue(file));
            var estate = EstateGenerator.Write(
                (EstateSize)Array.IndexOf(s_sizes, parsed.GetValue(size)), (RuleShape)Array.IndexOf(s_shapes, parsed.GetValue(shape)), parsed.GetValue(seed), output);
            await output.FlushAsync(cancellationToken);
            await TellAsync(estate, Console.Error);
            return ExitCodes.Clean;
        });
        return command;
    }

    private static Stream Open(string? path)
    {
        try
        {
            return path is null ? Console.OpenStandardOutput() : File.Create(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--out is '{path}', which cannot be written: {e.Message}");
        }
    }

    private static async Task TellAsync(GeneratedEstate estate, TextWriter stderr)
    {
        foreach (var (type, count) in estate.Assets)
        {
            await stderr.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{count,9:N0} {type}"));
        }

        var faults = string.Join(", ", estate.Faults.CountBy(fault => fault.RuleId).Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Value} {pair.Key}")));
        await stderr.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{estate.Lines:N0} assets ({estate.Workloads:N0} workloads, {estate.Targets:N0} targets) in {estate.Bytes / 1e6:N1} MB; {estate.Faults.Length} planted faults: {faults}"));
    }
}
