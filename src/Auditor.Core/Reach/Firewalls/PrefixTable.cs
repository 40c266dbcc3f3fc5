using System.Numerics;
using System.Runtime.InteropServices;
using Auditor.Network;

namespace Auditor.Reach.Firewalls;

/// <summary>Values by CIDR block of one address family: finds all blocks that hold an address in as many steps as there are prefix lengths. Immutable.</summary>
internal sealed class PrefixTable<TAddress, TValue>
    where TAddress : unmanaged, IBinaryInteger<TAddress>, IMinMaxValue<TAddress>
    where TValue : class
{
    private readonly Dictionary<Prefix, TValue> _values;
    private readonly (byte Length, TAddress Mask)[] _lengths;
    private readonly Prefix[] _sorted;

    private PrefixTable(Dictionary<Prefix, TValue> values)
    {
        _values = values;
        _lengths = [.. values.Keys.Select(prefix => prefix.Length).Distinct().Order().Select(length => (length, MaskOf(length)))];
        _sorted = [.. values.Keys];
        Array.Sort(_sorted, static (left, right) => left.First.CompareTo(right.First));
    }

    private PrefixTable(Dictionary<Prefix, TValue> values, PrefixTable<TAddress, TValue> sameKeys) => (_values, _lengths, _sorted) = (values, sameKeys._lengths, sameKeys._sorted);

    public static PrefixTable<TAddress, TValue> Empty { get; } = new([]);

    public IEnumerable<TValue> Values => _values.Values;

    public TValue? Find(TAddress first, int length) => _values.GetValueOrDefault(new Prefix(first, (byte)length));

    /// <summary>The table with some values replaced; null removes.</summary>
    public PrefixTable<TAddress, TValue> With(IEnumerable<(TAddress First, int Length, TValue? Value)> changes)
    {
        var values = new Dictionary<Prefix, TValue>(_values);
        var sameKeys = true;
        foreach (var (first, length, value) in changes)
        {
            var prefix = new Prefix(first, (byte)length);
            if (value is null)
            {
                sameKeys &= !values.Remove(prefix);
            }
            else
            {
                ref var slot = ref CollectionsMarshal.GetValueRefOrAddDefault(values, prefix, out var existed);
                slot = value;
                sameKeys &= existed;
            }
        }

        return sameKeys ? new PrefixTable<TAddress, TValue>(values, this) : values.Count == 0 ? Empty : new PrefixTable<TAddress, TValue>(values);
    }

    /// <summary>The values of all blocks that hold an address, widest first.</summary>
    public Matches Match(TAddress address) => new(this, address);

    /// <summary>Adds every address after <paramref name="first"/>, up to <paramref name="last"/>, at which a block begins or has just ended.</summary>
    public void AddCuts(TAddress first, TAddress last, List<TAddress> cuts)
    {
        foreach (var (length, mask) in _lengths)
        {
            var prefix = new Prefix(first & mask, length);
            if (_values.ContainsKey(prefix))
            {
                AddEnd(prefix, last, cuts);
            }
        }

        // The first block that begins after the first address.
        var (low, high) = (0, _sorted.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _sorted[middle].First > first ? (low, middle) : (middle + 1, high);
        }

        for (; low < _sorted.Length && _sorted[low].First <= last; low++)
        {
            cuts.Add(_sorted[low].First);
            AddEnd(_sorted[low], last, cuts);
        }
    }

    private static void AddEnd(Prefix prefix, TAddress last, List<TAddress> cuts)
    {
        var end = prefix.First | ~MaskOf(prefix.Length);
        if (end < last)
        {
            cuts.Add(end + TAddress.One);
        }
    }

    private static TAddress MaskOf(byte length)
    {
        var width = TAddress.Zero.GetByteCount() * 8;
        return length == 0 ? TAddress.Zero : TAddress.MaxValue << (width - length);
    }

    /// <summary>Walks the blocks that hold an address.</summary>
    internal struct Matches(PrefixTable<TAddress, TValue> table, TAddress address)
    {
        private int _next;

        public TValue Current { get; private set; } = null!;

        public readonly Matches GetEnumerator() => this;

        public bool MoveNext()
        {
            while (_next < table._lengths.Length)
            {
                var (length, mask) = table._lengths[_next++];
                if (table._values.TryGetValue(new Prefix(address & mask, length), out var value))
                {
                    Current = value;
                    return true;
                }
            }

            return false;
        }
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Prefix(TAddress First, byte Length)
    {
        public override int GetHashCode() => (First.GetHashCode() * 31) + Length;
    }
}

/// <summary>Values by CIDR block of either family.</summary>
internal sealed record PrefixTables<TValue>(PrefixTable<uint, TValue> V4, PrefixTable<UInt128, TValue> V6)
    where TValue : class
{
    public static PrefixTables<TValue> Empty { get; } = new(PrefixTable<uint, TValue>.Empty, PrefixTable<UInt128, TValue>.Empty);

    public TValue? Find(IpRange range) => range.IsV6 ? V6.Find(range.First, range.PrefixLength) : V4.Find((uint)range.First, range.PrefixLength);

    public PrefixTables<TValue> With(IReadOnlyCollection<(IpRange Range, TValue? Value)> changes)
    {
        if (changes.Count == 0)
        {
            return this;
        }

        var v4 = changes.Where(change => !change.Range.IsV6).Select(change => ((uint)change.Range.First, change.Range.PrefixLength, change.Value)).ToList();
        var v6 = changes.Where(change => change.Range.IsV6).Select(change => (change.Range.First, change.Range.PrefixLength, change.Value)).ToList();
        return new PrefixTables<TValue>(v4.Count == 0 ? V4 : V4.With(v4), v6.Count == 0 ? V6 : V6.With(v6));
    }
}
