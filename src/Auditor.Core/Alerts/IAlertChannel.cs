namespace Auditor.Alerts;

/// <summary>A way to tell people or machines.</summary>
public interface IAlertChannel
{
    /// <summary>Its name in the configuration; unique.</summary>
    string Name { get; }

    /// <summary>Delivers an alert. Returns when the receiver has taken it; throws <see cref="AlertNotSentException"/> when it has not.</summary>
    Task SendAsync(OutboxItem item, CancellationToken cancellationToken);
}

/// <summary>A receiver did not take an alert; the message says why, without secrets.</summary>
public sealed class AlertNotSentException : Exception
{
    public AlertNotSentException(string message)
        : base(message)
    {
    }

    public AlertNotSentException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public AlertNotSentException()
    {
    }
}
