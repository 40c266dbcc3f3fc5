namespace Auditor.Model;

/// <summary>A value was found that makes no sense where it stands. Parsers throw it; whoever called the parser turns it into a <see cref="Gap"/> or an answer.</summary>
public sealed class NotUnderstoodException : Exception
{
    public NotUnderstoodException(string message)
        : base(message)
    {
    }

    public NotUnderstoodException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public NotUnderstoodException()
    {
    }
}
