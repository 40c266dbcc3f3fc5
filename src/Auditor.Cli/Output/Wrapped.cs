using Spectre.Console;

namespace Auditor.Cli.Output;

/// <summary>Lines under a heading: a label, then text wrapped at blanks to the terminal's width. Long words, such as resource names, stay whole.</summary>
internal static class Wrapped
{
    /// <summary>Paragraphs under a label, each on lines of its own.</summary>
    public static void Write(IAnsiConsole console, string label, params IEnumerable<string> paragraphs) => Write(console, label, 11, paragraphs);

    /// <summary>As the other overload, with the column at which the text begins.</summary>
    public static void Write(IAnsiConsole console, string label, int indent, params IEnumerable<string> paragraphs)
    {
        var width = Math.Max(console.Profile.Width, 40);
        var lead = label.Length == 0 ? new string(' ', indent) : $"  [grey]{label}[/]{new string(' ', Math.Max(1, indent - 2 - label.Length))}";
        foreach (var paragraph in paragraphs)
        {
            var column = indent;
            console.Markup(lead);
            lead = new string(' ', indent);
            var first = true;
            foreach (var word in paragraph.Split(' '))
            {
                if (!first && column + word.Length + 1 > width && indent + word.Length <= width)
                {
                    console.WriteLine();
                    console.Markup(lead);
                    column = indent;
                    first = true;
                }

                // Straight to the output: Spectre would break a long word.
                console.Profile.Out.Writer.Write(first ? word : $" {word}");
                column += word.Length + (first ? 0 : 1);
                first = false;
            }

            console.WriteLine();
        }
    }
}
