namespace Google.Cloud.Functions.Framework;

/// <summary>The request is not an event; the message is one sentence for the sender and holds nothing of the payload.</summary>
internal sealed class ConversionException : Exception
{
    public ConversionException(string message)
        : base(message)
    {
    }

    public ConversionException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
