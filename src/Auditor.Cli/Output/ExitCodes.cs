namespace Auditor.Cli.Output;

/// <summary>What the command's exit code says.</summary>
internal static class ExitCodes
{
    /// <summary>Clean and complete.</summary>
    public const int Clean = 0;

    /// <summary>Something fails.</summary>
    public const int Findings = 1;

    /// <summary>The call was wrong, or nothing in the input was usable.</summary>
    public const int Usage = 2;

    /// <summary>Nothing fails, but something could not be read or decided.</summary>
    public const int Incomplete = 3;

    /// <summary>Interrupted by the user, as shells count it.</summary>
    public const int Interrupted = 130;
}

/// <summary>The user asked for something that cannot be; the message is the one sentence they see.</summary>
internal sealed class UsageException(string message) : Exception(message);
