using System.Net;
using System.Text.Json;

namespace Auditor.Adapters.Google;

/// <summary>What a read gave.</summary>
internal abstract record GoogleAnswer
{
    private GoogleAnswer()
    {
    }

    /// <summary>200 with a JSON object.</summary>
    public sealed record Found(JsonElement Json) : GoogleAnswer;

    /// <summary>404.</summary>
    public sealed record Missing : GoogleAnswer;

    /// <summary>The API is switched off in the project: there is nothing of its kinds.</summary>
    public sealed record Off : GoogleAnswer;

    /// <summary>Nothing is known.</summary>
    /// <param name="Reason">A clause without full stop that names the permission, the API or the fault.</param>
    /// <param name="Status">The HTTP status; null when there was no answer.</param>
    /// <param name="MayPass">Whether the next try may succeed.</param>
    /// <param name="RetryAfter">How long Google asks to wait.</param>
    public sealed record Failed(string Reason, HttpStatusCode? Status = null, bool MayPass = false, TimeSpan? RetryAfter = null) : GoogleAnswer;
}
