using System.Globalization;

namespace Auditor.Tests.Oracles;

/// <summary>How much more than usual is tried where chance is involved: AUDITOR_SOAK, 1 when it is not set.</summary>
internal static class Soak
{
    public static int Factor { get; } = int.TryParse(Environment.GetEnvironmentVariable("AUDITOR_SOAK"), NumberStyles.None, CultureInfo.InvariantCulture, out var times) ? Math.Max(1, times) : 1;
}
