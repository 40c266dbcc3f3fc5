namespace Auditor.Simulator.Entries;

/// <summary>
/// What may become of messages on their way: some lost, some twice, all in another order. A sink and Pub/Sub promise at least once and no order;
/// loss stands for a sink that was misconfigured for a while. The same seed gives the same fate.
/// </summary>
/// <param name="Lost">Share that never arrives, 0 to 1.</param>
/// <param name="Repeated">Share that arrives twice, 0 to 1.</param>
/// <param name="Late">How many places a message may fall behind.</param>
public sealed record UnkindDelivery(int Seed, double Lost = 0, double Repeated = 0.2, int Late = 5)
{
    /// <summary>The messages as they arrive.</summary>
    public IReadOnlyList<byte[]> Of(IEnumerable<byte[]> sent)
    {
        var random = new Random(Seed);
        var arrivals = new List<(double At, byte[] Entry)>();
        foreach (var (place, entry) in sent.Index())
        {
            var copies = random.NextDouble() < Lost ? 0 : random.NextDouble() < Repeated ? 2 : 1;
            for (var i = 0; i < copies; i++)
            {
                arrivals.Add((place + (random.NextDouble() * Late), entry));
            }
        }

        return [.. arrivals.OrderBy(arrival => arrival.At).Select(arrival => arrival.Entry)];
    }
}
