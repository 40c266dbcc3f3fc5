using Auditor.Reach.Paths;

namespace Auditor.Reach.Intended;

/// <summary>How an intent stands.</summary>
public enum IntentStanding
{
    Holds,
    Broken,
    Unknown,

    /// <summary>There is nothing it could be about.</summary>
    Void,
}

/// <summary>How an intent stands for one workload and one target.</summary>
/// <param name="Intent">The intent's name, and where it selects targets, which one; tells verdicts on a workload apart.</param>
/// <param name="Target">Its short name.</param>
/// <param name="Because">Completes "…because": what decides, or what is missing; empty where it holds.</param>
public sealed record IntentAnswer(string Intent, string Target, IntentStanding Standing, string Because)
{
    /// <summary>How the packets end that should arrive; null where the intent holds, or no packet is sent.</summary>
    public PathEnd? End { get; init; }
}
