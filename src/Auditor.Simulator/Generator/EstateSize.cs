namespace Auditor.Simulator.Generator;

/// <summary>The three sizes that everything is measured at.</summary>
public enum EstateSize
{
    Small,
    Medium,
    Large,
}

/// <summary>How firewall rules are laid out.</summary>
public enum RuleShape
{
    /// <summary>Allows and denies at any priority; some are about connectors.</summary>
    Random,

    /// <summary>A few denies at the front decide every packet of a connector.</summary>
    EarlyDeny,

    /// <summary>No rule is about a connector: its packets are compared with all of them.</summary>
    FallThrough,
}

/// <summary>How much of each there is in an estate of a size; everything is spread evenly over the networks.</summary>
public sealed record EstateNumbers(int Networks, int Workloads, int FirewallRules, int Targets, int Connectors)
{
    public static EstateNumbers Of(EstateSize size) => size switch
    {
        EstateSize.Small => new EstateNumbers(1, 100, 1_000, 50, 8),
        EstateSize.Medium => new EstateNumbers(10, 1_000, 10_000, 200, 40),
        EstateSize.Large => new EstateNumbers(100, 10_000, 100_000, 1_000, 400),
        _ => throw new ArgumentOutOfRangeException(nameof(size), size, "There are small, medium and large."),
    };

    /// <summary>The part of a total that falls to one network: the parts add up to the total.</summary>
    /// <param name="shift">Moves the parts on by so many networks, so that different totals smaller than the networks fall to different ones.</param>
    internal int Share(int total, int network, int shift = 0)
    {
        var place = (network + shift) % Networks;
        return (total * (place + 1) / Networks) - (total * place / Networks);
    }
}
