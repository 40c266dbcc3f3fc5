using Auditor.Model;
using Auditor.Network;
using Auditor.Reach.Paths;

namespace Auditor.Reach.Intended;

/// <summary>What workloads are expected to leave by: a partner knows them by exactly these addresses.</summary>
/// <param name="Name">Unique among all intents; findings are told apart by it.</param>
/// <param name="Addresses">At least one.</param>
public sealed record EgressIntent(string Name, IntentSelector From, ValueList<ExpectedAddress> Addresses, IntentOrigin Origin)
{
    /// <summary>How it stands for a workload: the worst of what runs of it.</summary>
    public EgressAnswer Judge(Workload workload, EstateView view) =>
        PathSource.Of(workload, view).Select(source => EgressAnswer.Of(this, source, view)).OrderBy(answer => answer.Standing).First();
}

/// <summary>An address that workloads are expected to leave by.</summary>
/// <param name="Text">An IPv4 address, or the name of a reserved one: short, or any longer end of its full name.</param>
public sealed record ExpectedAddress(string Text)
{
    /// <summary>Null where the text is a name.</summary>
    public IpRange? Address => IpRange.TryParse(Text);

    public override string ToString() => Text;
}
