using Auditor.Alerts;

namespace Auditor.Adapters.Channels;

/// <summary>Writes alerts for people. Lines are wrapped; colour marks the severity where the writer shows colours.</summary>
/// <param name="width">Columns a line may take.</param>
/// <param name="colours">Whether to write ANSI colour codes.</param>
public sealed class ConsoleChannel(TextWriter writer, int width = 100, bool colours = false) : IAlertChannel
{
    /// <summary>The channel on standard output: coloured on a terminal, unless NO_COLOR is set.</summary>
    public static ConsoleChannel OnStandardOutput() =>
        new(Console.Out, colours: !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")));

    public string Name => "console";

    public async Task SendAsync(OutboxItem item, CancellationToken cancellationToken)
    {
        try
        {
            await writer.WriteAsync(new AlertText(width, colours).Write(item.Alert).AsMemory(), cancellationToken);
            await writer.FlushAsync(cancellationToken);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            throw new AlertNotSentException($"the console does not take it: {e.Message.TrimEnd('.')}", e);
        }
    }
}
