namespace Auditor.Simulator.Hosting;

/// <summary>How the simulator serves.</summary>
public sealed record SimulatorOptions
{
    /// <value>Port on 127.0.0.1; 0 takes a free one. Default: 0.</value>
    public int Port { get; init; }

    /// <value>The most items of a page, whatever is asked for: a small one makes every list come in pages. Default: 500.</value>
    public int MaxPageSize { get; init; } = 500;

    /// <value>What a request, given by its path, waits for before it is answered: an API that is slow or stuck. Default: nothing.</value>
    public Func<string, CancellationToken, Task> Delay { get; init; } = static (_, _) => Task.CompletedTask;
}
