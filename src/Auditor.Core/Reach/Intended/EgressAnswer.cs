using Auditor.Model;
using Auditor.Network;
using Auditor.Reach.Paths;

namespace Auditor.Reach.Intended;

/// <summary>How workloads leave where fixed addresses are expected; the worst first.</summary>
public enum EgressStanding
{
    /// <summary>Straight to the internet, by addresses of Google's.</summary>
    Direct,

    /// <summary>By a Cloud NAT that takes addresses as it needs them.</summary>
    Automatic,

    /// <summary>By other addresses, or by some of them only.</summary>
    Differs,

    /// <summary>Into the VPC, and from there not to the internet.</summary>
    Lost,

    /// <summary>It is not known which setting decides.</summary>
    SettingUnknown,

    /// <summary>It is not known what translates.</summary>
    ExitUnknown,

    /// <summary>The addresses of the Cloud NAT are not known.</summary>
    AddressesUnknown,

    /// <summary>By exactly the addresses expected.</summary>
    Kept,
}

/// <summary>How a workload leaves where fixed addresses are expected.</summary>
/// <param name="Because">Completes "…because"; empty where the addresses are as expected.</param>
/// <param name="Nat">The router of the Cloud NAT that translates, and its name; null where none does.</param>
public sealed record EgressAnswer(EgressStanding Standing, string Because, (ResourceName Router, string Name)? Nat = null)
{
    internal static EgressAnswer Of(EgressIntent intent, PathSource source, EstateView view)
    {
        if (source.IsUnread)
        {
            return new EgressAnswer(EgressStanding.SettingUnknown, source.Missing!);
        }

        switch (source.Workload.VpcAccess?.Egress)
        {
            case null:
                return new EgressAnswer(EgressStanding.Direct, $"{Of(source)}the workload is attached to no network and leaves by addresses of Google's");
            case VpcEgress.PrivateRangesOnly:
                return new EgressAnswer(EgressStanding.Direct, $"{Of(source)}its egress setting is private-ranges-only, so it leaves for the internet by addresses of Google's");
            case VpcEgress.AllTraffic:
                break;
            default:
                return new EgressAnswer(EgressStanding.SettingUnknown, "the egress setting is not recognised");
        }

        var answer = PathWalk.Of(view, source).Find(ReachTarget.Internet);
        if (answer.Of(PathEffect.Reachable).Select(part => part.End!.DecidedBy).FirstOrDefault(by => by?.Resource is { Kind: ResourceKind.Router }) is not { Resource: { } name } by)
        {
            var end = answer.Telling.End!;
            return end.Effect == PathEffect.Unknown ? new EgressAnswer(EgressStanding.ExitUnknown, string.Join("; ", end.Because))
                : new EgressAnswer(EgressStanding.Lost, $"the internet is not reached: {end.Reason} by {end.DecidedBy}");
        }

        return view.Find<Router>(name) is Lookup<Router>.Found { Resource: var router } && router.Nats.FirstOrDefault(nat => nat.Name == by.Name) is { } nat
            ? Of(intent, router, nat, view)
            : new EgressAnswer(EgressStanding.ExitUnknown, $"{by} was not read");
    }

    private static EgressAnswer Of(EgressIntent intent, Router router, RouterNat nat, EstateView view)
    {
        var words = $"Cloud NAT {nat.Name} of router {router.Name.Id}";
        var at = (router.Name, nat.Name);
        if (nat.AllocateOption == "AUTO_ONLY")
        {
            return new EgressAnswer(EgressStanding.Automatic, $"{words} allocates its addresses automatically", at);
        }

        if (nat.AllocateOption != "MANUAL_ONLY")
        {
            return new EgressAnswer(EgressStanding.AddressesUnknown, $"how {words} allocates its addresses is not said", at);
        }

        if (!nat.Rules.IsEmpty)
        {
            return new EgressAnswer(EgressStanding.AddressesUnknown, $"rules of {words} give some destinations other addresses, which are not read", at);
        }

        var own = nat.Addresses.Where(name => !nat.DrainAddresses.Contains(name)).Select(name => (Name: name, Address: AddressOf(name, view))).ToList();
        var unexpected = own.FindAll(have => !intent.Addresses.Any(wanted => Is(wanted, have)));
        var absent = intent.Addresses.Where(wanted => !own.Exists(have => Is(wanted, have))).ToList();
        if (unexpected.Count == 0 && absent.Count == 0)
        {
            return new EgressAnswer(EgressStanding.Kept, "", at);
        }

        // What was not read may be what is expected.
        if (unexpected.Find(have => have.Address is null) is { Name: var unread } && unread != default && intent.Addresses.Any(wanted => wanted.Address is not null))
        {
            return new EgressAnswer(EgressStanding.AddressesUnknown, $"address {unread.Id} of {words} was not read", at);
        }

        var parts = new List<string>();
        if (absent.Count > 0)
        {
            parts.Add($"does not leave by {string.Join(", ", absent)}");
        }

        if (unexpected.Count > 0)
        {
            parts.Add($"leaves by {string.Join(", ", unexpected.Select(have => have.Address is { } address ? $"{have.Name.Id} ({address.Address})" : have.Name.Id))}, which nobody expects");
        }

        return new EgressAnswer(EgressStanding.Differs, $"{words} {string.Join(" and ", parts)}", at);
    }

    private static bool Is(ExpectedAddress wanted, (ResourceName Name, IpRange? Address) have) =>
        wanted.Address is { } address ? address == have.Address : have.Name.Id == wanted.Text || have.Name.Value.EndsWith("/" + wanted.Text, StringComparison.Ordinal) || have.Name.Value == wanted.Text;

    private static IpRange? AddressOf(ResourceName name, EstateView view) => view.Find<Address>(name) is Lookup<Address>.Found { Resource.Range: { } range } ? range : null;

    private static string Of(PathSource source) => source.Workload is RunRevision && source.ShortName.Contains('/', StringComparison.Ordinal) ? $"of revision {source.Workload.Name.Id}: " : "";
}
