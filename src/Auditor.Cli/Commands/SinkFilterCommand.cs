using System.CommandLine;
using Auditor.Changes;
using Auditor.Cli.Output;

namespace Auditor.Cli.Commands;

/// <summary><c>auditor sink-filter</c>: the log sink's filter, from the table that the decoder reads.</summary>
internal static class SinkFilterCommand
{
    public static Command Create()
    {
        var command = new Command("sink-filter", "Print the filter of the log sink that feeds the auditor");
        command.SetAction(_ =>
        {
            Console.Out.WriteLine(SinkFilter.Text);
            return ExitCodes.Clean;
        });
        return command;
    }
}
