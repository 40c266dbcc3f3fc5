using System.Globalization;
using System.Text.Json;

namespace Auditor.Benchmarks.Harness;

/// <summary>The one table.</summary>
internal static class Report
{
    private static readonly string[] s_head = ["what", "size", "measured", "unit", "limit", "ratio", "gate"];

    public static async Task PrintAsync(IReadOnlyList<Row> rows, TextWriter output)
    {
        var lines = rows.Select(row => new[]
        {
            row.What, row.Size, Number(row.Measured), row.Unit,
            row.Limit is { } limit ? $"{Number(limit)} ({row.LimitIs})" : "",
            row.Ratio is { } ratio ? ratio.ToString(ratio < 0.1 ? "0.0000" : "0.00", CultureInfo.InvariantCulture) : "",
            row.Gate.ToString(),
        }).Prepend(s_head).ToList();
        var widths = Enumerable.Range(0, s_head.Length).Select(column => lines.Max(line => line[column].Length)).ToList();
        lines.Insert(1, [.. widths.Select((width, column) => IsNumber(column) ? $"{new string('-', width - 1)}:" : new string('-', width))]);
        foreach (var line in lines)
        {
            await output.WriteLineAsync($"| {string.Join(" | ", line.Select((cell, column) => IsNumber(column) ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column])))} |");
        }
    }

    public static async Task WriteJsonAsync(IReadOnlyList<Row> rows, string path)
    {
        await using var file = File.Create(path);
        await using var json = new Utf8JsonWriter(file, new JsonWriterOptions { Indented = true });
        json.WriteStartArray();
        foreach (var row in rows)
        {
            json.WriteStartObject();
            json.WriteString("what", row.What);
            json.WriteString("size", row.Size);
            json.WriteNumber("measured", Math.Round(row.Measured, 6));
            json.WriteString("unit", row.Unit);
            if (row.Limit is { } limit)
            {
                json.WriteNumber("limit", Math.Round(limit, 6));
                json.WriteString("limitIs", row.LimitIs);
                json.WriteNumber("ratio", Math.Round(row.Ratio ?? 0, 6));
            }

            json.WriteString("gate", row.Gate.Checked);
            json.WriteBoolean("passed", row.Gate.IsPassed);
            if (row.Gate.Problem is { } problem)
            {
                json.WriteString("problem", problem);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static bool IsNumber(int column) => column is 2 or 5;

    private static string Number(double value) => value.ToString(value >= 100 ? "N0" : value >= 1 ? "N2" : "0.0000", CultureInfo.InvariantCulture);
}
