using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Auditor.Tests.Oracles.Firewall;

/// <summary>Asks Z3, in SMT-LIB over its standard input, for a packet on which an exact answer and <see cref="FirewallFormula"/> differ.</summary>
internal sealed partial class Z3Firewall : IDisposable
{
    public const string Missing = "no z3 on the path (Debian and Ubuntu: apt-get install z3)";

    private readonly Process _z3;

    private Z3Firewall(Process z3) => _z3 = z3;

    /// <summary>Starts z3; skips the test where it is not installed.</summary>
    public static Z3Firewall Require()
    {
        Assert.SkipWhen(!IsInstalled, Missing);
        return new(Process.Start(new ProcessStartInfo("z3", ["-in", "-smt2"]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true })!);
    }

    private static bool IsInstalled => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "z3")));

    /// <summary>A packet for which the boxes say something else than the encoding, or that lies in no box or in two; null when z3 proves that there is none.</summary>
    public Packet? FindDifference(JsonNode estate, Query query, Boxes boxes)
    {
        var text = new StringBuilder("(reset)\n(set-option :timeout 60000)\n").Append(new FirewallFormula(estate, query).ToSmtLib());
        text.Append("(define-fun inAllowed () Bool ").Append(AnyOf(boxes.Allowed)).Append(")\n(define-fun inDenied () Bool ").Append(AnyOf(boxes.Denied)).Append(")\n");
        text.Append("(define-fun inUnknown () Bool ").Append(AnyOf(boxes.Unknown)).Append(")\n");
        text.Append("(assert (not (and (= allowed inAllowed) (= denied inDenied) (= (not (or allowed denied)) inUnknown))))\n(check-sat)\n");
        _z3.StandardInput.Write(text.ToString());
        _z3.StandardInput.Flush();
        var answer = _z3.StandardOutput.ReadLine();
        if (answer == "unsat")
        {
            return null;
        }

        if (answer != "sat")
        {
            throw new InvalidOperationException($"z3 answered '{answer}' to:\n{text}");
        }

        _z3.StandardInput.Write("(get-value (proto))\n(get-value (port))\n(get-value (addr))\n");
        _z3.StandardInput.Flush();
        var values = Enumerable.Range(0, 3).Select(_ => uint.Parse(Value().Match(_z3.StandardOutput.ReadLine()!).Groups[1].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToList();
        return query.At((int)values[0], (int)values[1], new Address(false, values[2]));
    }

    public void Dispose()
    {
        _z3.StandardInput.Close();
        _z3.WaitForExit(1000);
        _z3.Dispose();
    }

    private static string AnyOf(IEnumerable<Box> boxes) => $"(or false {string.Join(' ', boxes.Select(box =>
        $"(and {Between("proto", 8, box.ProtocolLo, box.ProtocolHi)} {Between("port", 16, box.PortLo, box.PortHi)} {Between("addr", 32, box.AddressLo, box.AddressHi)})"))})";

    private static string Between(string name, int width, long from, long to) => $"(bvuge {name} (_ bv{from} {width})) (bvule {name} (_ bv{to} {width}))";

    [GeneratedRegex("#x(?<1>[0-9a-f]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Value();
}
