namespace Auditor.Simulator.Generator;

/// <summary>
/// Makes estates to measure on: Cloud Asset Inventory lines in real shapes, most of it healthy, with known faults. The same size, shape and seed
/// give the same bytes on every machine. One network is in memory at a time.
/// </summary>
public static class EstateGenerator
{
    /// <summary>Writes an estate as newline-delimited JSON and says what is in it.</summary>
    public static GeneratedEstate Write(EstateSize size, RuleShape shape, ulong seed, Stream output)
    {
        var numbers = EstateNumbers.Of(size);
        using var buffered = new BufferedStream(new Uncloseable(output), 1 << 16);
        using var assets = new AssetWriter(buffered);
        Hierarchy.Write(assets);
        for (var index = 0; index < numbers.Networks; index++)
        {
            // The plan and the filling draw apart, so that all shapes of a seed have the same connectors and workloads.
            var network = new NetworkPlan(numbers, shape, index, SeededRandom.For(seed, index * 3));
            var random = SeededRandom.For(seed, (index * 3) + 1);
            NetworkAssets.Write(assets, network);
            var neighbour = TargetAssets.Write(assets, network, random);
            PlatformAssets.Write(assets, network);
            ConnectorAssets.Write(assets, network, neighbour);
            WorkloadAssets.Write(assets, network, random);
            FirewallAssets.Write(assets, network, SeededRandom.For(seed, (index * 3) + 2));
        }

        buffered.Flush();
        return assets.Finish(numbers);
    }

    /// <summary>Lets the buffer be disposed of without closing what belongs to the caller.</summary>
    private sealed class Uncloseable(Stream inner) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Flush() => inner.Flush();

        public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);

        public override void Write(ReadOnlySpan<byte> buffer) => inner.Write(buffer);

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
