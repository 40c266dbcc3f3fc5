using System.Reflection;
using Auditor.Ledger;

namespace Auditor.Tests;

/// <summary>A ledger whose process is killed before one of its appends: from then on it does nothing any more, not even let its lease go.</summary>
public class DyingLedger : DispatchProxy
{
    private ILedger _ledger = null!;
    private int _appendsLeft;

    public static ILedger Of(ILedger ledger, int appends)
    {
        var proxy = Create<ILedger, DyingLedger>();
        ((DyingLedger)(object)proxy)._ledger = ledger;
        ((DyingLedger)(object)proxy)._appendsLeft = appends;
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (_appendsLeft < 0 || (targetMethod!.Name == nameof(ILedger.AppendAsync) && --_appendsLeft < 0))
        {
            throw new KilledException();
        }

        return targetMethod!.Invoke(_ledger, args);
    }
}

/// <summary>The process is gone.</summary>
public sealed class KilledException : Exception
{
    public KilledException()
    {
    }

    public KilledException(string message)
        : base(message)
    {
    }

    public KilledException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
