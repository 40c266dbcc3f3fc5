namespace Auditor.Model;

/// <summary>
/// What was looked at in an estate: objects and lists, what was there, and names of which no read tells. One that follows another shares what has not
/// changed with it. Immutable.
/// </summary>
internal sealed class Looks
{
    // Each step copies what has changed since all was put together; from so many roots of all on it is put together anew.
    private const int Least = 64;
    private const int Roots = 4;

    private readonly HashSet<Reference> _references;
    private readonly IReadOnlyCollection<Evidence> _evidence;
    private readonly IReadOnlyCollection<ResourceName> _unread;
    private readonly HashSet<Reference> _lapsed;
    private readonly Looks? _since;

    private Looks(HashSet<Reference> references, IReadOnlyCollection<Evidence> evidence, IReadOnlyCollection<ResourceName> unread, HashSet<Reference> lapsed, Looks? since) =>
        (_references, _evidence, _unread, _lapsed, _since) = (references, evidence, unread, lapsed, since);

    public IEnumerable<Reference> References => _since is null ? _references : _references.Where(IsStillTrue).Concat(_since.References);

    public IEnumerable<Evidence> Evidence => _since is null ? _evidence : _evidence.Where(evidence => IsStillTrue(evidence.Key)).Concat(_since.Evidence);

    public IEnumerable<ResourceName> Unread => _since is null ? _unread : _unread.Where(name => IsStillTrue(new Reference(name.Kind, name))).Concat(_since.Unread);

    private int Count => _references.Count;

    public static Looks Of(HashSet<Reference> references, IReadOnlyCollection<Evidence> evidence, IReadOnlyCollection<ResourceName> unread) => new(references, evidence, unread, [], null);

    public bool Contains(Reference reference) => _since?.Contains(reference) == true || (_references.Contains(reference) && IsStillTrue(reference));

    /// <summary>Without what has lapsed, and with what was looked at since.</summary>
    public Looks After(HashSet<Reference> lapsed, Looks since)
    {
        if (lapsed.Count == 0 && since.Count == 0)
        {
            return this;
        }

        var all = _since is null ? since : _since.Without(lapsed, since);
        var gone = _lapsed.Count == 0 ? lapsed : [.. _lapsed, .. lapsed];
        var next = new Looks(_references, _evidence, _unread, gone, all);
        return gone.Count + all.Count <= Math.Max(Least, Roots * Math.Sqrt(_references.Count)) ? next : Of([.. next.References], [.. next.Evidence], [.. next.Unread]);
    }

    // Both are flat.
    private Looks Without(HashSet<Reference> lapsed, Looks since) => Of(
        [.. _references.Where(reference => !lapsed.Contains(reference)), .. since._references],
        [.. _evidence.Where(evidence => !lapsed.Contains(evidence.Key)), .. since._evidence],
        [.. _unread.Where(name => !lapsed.Contains(new Reference(name.Kind, name))), .. since._unread]);

    private bool IsStillTrue(Reference reference) => !_lapsed.Contains(reference);
}
