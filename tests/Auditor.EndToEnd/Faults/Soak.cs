using System.Globalization;

namespace Auditor.EndToEnd.Faults;

/// <summary>How much longer than in CI the fault tests go on: AUDITOR_SOAK, a whole number from 1.</summary>
internal static class Soak
{
    public static int Times { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("AUDITOR_SOAK"), NumberStyles.None, CultureInfo.InvariantCulture, out var times) && times > 0 ? times : 1;
}
