namespace Auditor.Adapters.Google;

/// <summary>No token could be had; the message says why, without secrets.</summary>
internal sealed class NoCredentialsException(string message, Exception innerException) : Exception(message, innerException);
