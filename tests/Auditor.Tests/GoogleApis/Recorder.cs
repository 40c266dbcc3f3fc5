using System.Collections.Concurrent;
using CloudNative.CloudEvents;
using Microsoft.Extensions.Logging;

namespace Auditor.Tests.GoogleApis;

/// <summary>Keeps what the functions under test received and logged.</summary>
internal sealed class Recorder : ILogger
{
    public ConcurrentQueue<(CloudEvent Event, object? Data)> Calls { get; } = new();

    public ConcurrentQueue<string> Steps { get; } = new();

    public ConcurrentQueue<(LogLevel Level, string Message)> Logs { get; } = new();

    /// <summary>What the function does after recording the call.</summary>
    public Action OnCall { get; set; } = () => { };

    public void Call(CloudEvent cloudEvent, object? data)
    {
        Calls.Enqueue((cloudEvent, data));
        OnCall();
    }

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Logs.Enqueue((logLevel, formatter(state, exception)));

    /// <summary>Gives every category the same recorder.</summary>
    internal sealed class Provider(Recorder recorder) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => recorder;

        public void Dispose()
        {
        }
    }
}
