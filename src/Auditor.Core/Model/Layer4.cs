using System.Globalization;
using System.Runtime.InteropServices;

namespace Auditor.Model;

/// <summary>A protocol and its destination ports, as firewall rules name them.</summary>
/// <param name="Protocol">Lower case: a name ("tcp", "udp", "icmp", "esp", "ah", "sctp", "ipip"), an IP protocol number as text, or "all".</param>
/// <param name="Ports">Empty means every port.</param>
public sealed record Layer4(string Protocol, ValueList<PortInterval> Ports)
{
    public bool AllowsAllPorts => Ports.IsEmpty;

    internal static ValueList<Layer4> ParseList(FieldReader fields, string list, string protocol) => fields.Children(list)
        .Select(item => new Layer4((item.Text(protocol) ?? "all").ToLowerInvariant(), PortInterval.ParseList(item, "ports"))).ToValueList();
}

/// <summary>Ports from first to last, both included.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PortInterval(int First, int Last) : IComparable<PortInterval>
{
    /// <summary>Reads "80" or "8080-8090"; null when the text is neither.</summary>
    public static PortInterval? TryParse(ReadOnlySpan<char> text)
    {
        var dash = text.IndexOf('-');
        var first = dash < 0 ? text : text[..dash];
        var last = dash < 0 ? text : text[(dash + 1)..];
        return ushort.TryParse(first.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var from)
            && ushort.TryParse(last.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var to) && from <= to
                ? new PortInterval(from, to)
                : null;
    }

    public bool Contains(int port) => First <= port && port <= Last;

    public int CompareTo(PortInterval other) => (First, Last).CompareTo((other.First, other.Last));

    public override string ToString() => First == Last ? First.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{First}-{Last}");

    internal static ValueList<PortInterval> ParseList(FieldReader fields, string name) => fields.Texts(name)
        .Select(text => TryParse(text) ?? throw fields.NotUnderstood(name, $"\"{text}\"", "ports such as 80 or 8080-8090")).ToValueList();
}
