using System.Numerics;
using System.Runtime.InteropServices;
using Auditor.Network;

namespace Auditor.Reach.Firewalls;

/// <summary>Values by CIDR block of one address family: finds all blocks that hold an address in as many steps as there are prefix lengths. Immutable.</summary>
internal sealed class PrefixTable<TAddress, TValue>
    where TAddress : unmanaged, IBinaryInteger<TAddress>, IMinMaxValue<TAddress>
    where TValue : class
{
    // Few changes are worked into the sorted prefixes one by one, many are sorted anew.
    private const int Few = 64;

    private readonly Dictionary<Prefix, TValue> _values;
    private readonly (byte Length, TAddress Mask)[] _lengths;
    private readonly int[] _counts;
    private readonly Prefix[] _sorted;

    private PrefixTable(Dictionary<Prefix, TValue> values, int[] counts, Prefix[] sorted)
    {
        (_values, _counts, _sorted) = (values, counts, sorted);
        var lengths = new List<(byte, TAddress)>();
        for (var length = 0; length < counts.Length; length++)
        {
            if (counts[length] > 0)
            {
                lengths.Add(((byte)length, MaskOf((byte)length)));
            }
        }

        _lengths = [.. lengths];
    }

    public static PrefixTable<TAddress, TValue> Empty { get; } = new([], new int[(TAddress.Zero.GetByteCount() * 8) + 1], []);

    public IEnumerable<TValue> Values => _values.Values;

    public TValue? Find(TAddress first, int length) => _values.GetValueOrDefault(new Prefix(first, (byte)length));

    /// <summary>The table with some values replaced; null removes.</summary>
    public PrefixTable<TAddress, TValue> With(IEnumerable<(TAddress First, int Length, TValue? Value)> changes)
    {
        var values = new Dictionary<Prefix, TValue>(_values);
        var (gone, come) = (new List<Prefix>(), new List<Prefix>());
        foreach (var (first, length, value) in changes)
        {
            var prefix = new Prefix(first, (byte)length);
            if (value is null)
            {
                if (values.Remove(prefix))
                {
                    gone.Add(prefix);
                }
            }
            else
            {
                ref var slot = ref CollectionsMarshal.GetValueRefOrAddDefault(values, prefix, out var existed);
                slot = value;
                if (!existed)
                {
                    come.Add(prefix);
                }
            }
        }

        var counts = _counts;
        if (gone.Count + come.Count > 0)
        {
            counts = [.. _counts];
            gone.ForEach(prefix => counts[prefix.Length]--);
            come.ForEach(prefix => counts[prefix.Length]++);
        }

        return new PrefixTable<TAddress, TValue>(values, counts, Sorted(values, gone, come));
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

        for (var low = FirstAfter(first); low < _sorted.Length && _sorted[low].First <= last; low++)
        {
            cuts.Add(_sorted[low].First);
            AddEnd(_sorted[low], last, cuts);
        }
    }

    /// <summary>Whether some block holds some address of a span.</summary>
    public bool Touches(TAddress first, TAddress last)
    {
        foreach (var _ in Match(first))
        {
            return true;
        }

        var after = FirstAfter(first);
        return after < _sorted.Length && _sorted[after].First <= last;
    }

    // The first block that begins after an address.
    private int FirstAfter(TAddress address)
    {
        var (low, high) = (0, _sorted.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _sorted[middle].First > address ? (low, middle) : (middle + 1, high);
        }

        return low;
    }

    private Prefix[] Sorted(Dictionary<Prefix, TValue> values, List<Prefix> gone, List<Prefix> come)
    {
        if (gone.Count + come.Count == 0)
        {
            return _sorted;
        }

        if (gone.Count + come.Count > Few)
        {
            Prefix[] all = [.. values.Keys];
            Array.Sort(all, Compare);
            return all;
        }

        var sorted = new List<Prefix>(_sorted.Length + come.Count);
        sorted.AddRange(_sorted);
        var order = Comparer<Prefix>.Create(Compare);
        foreach (var prefix in gone)
        {
            sorted.RemoveAt(sorted.BinarySearch(prefix, order));
        }

        foreach (var prefix in come)
        {
            sorted.Insert(~sorted.BinarySearch(prefix, order), prefix);
        }

        return [.. sorted];
    }

    private static int Compare(Prefix left, Prefix right) => left.First != right.First ? left.First.CompareTo(right.First) : left.Length.CompareTo(right.Length);

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
