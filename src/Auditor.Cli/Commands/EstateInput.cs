using System.CommandLine;
using Auditor.Adapters.Exports;
using Auditor.Cli.Output;
using Auditor.Model;
using Auditor.Network;
using Auditor.Reach.Flows;
using Auditor.Reach.Paths;

namespace Auditor.Cli.Commands;

/// <summary>What commands that ask about paths share: reading the files, and finding workloads and targets by the names people use.</summary>
internal sealed record EstateInput(Estate Estate, EstateView View, IReadOnlyList<PathSource> Sources, IReadOnlyList<ReachTarget> Targets, bool IsClean)
{
    public static Option<string[]> AssetsOption() => new("--assets")
    {
        Description = "files or folders: asset exports, gcloud --format=json output, REST answers; repeatable",
        AllowMultipleArgumentsPerToken = true,
    };

    public static Option<bool> PartialOption() => new("--partial") { Description = "the files do not show everything: what they do not hold is unknown instead of not there" };

    public static async Task<EstateInput> ReadAsync(string[] paths, bool isPartial, CancellationToken cancellationToken)
    {
        using var progress = new ReadingProgress(Console.Error);
        var read = await ExportReader.ReadAsync(paths, complete: !isPartial, progress, cancellationToken);
        progress.Finish();
        foreach (var problem in read.Problems)
        {
            await Console.Error.WriteLineAsync($"auditor: {problem}");
        }

        if (read.Estate.Count == 0)
        {
            throw new UsageException($"no resource the auditor models is in {string.Join(", ", paths)}.");
        }

        return Of(read.Estate, read.Problems.Count == 0);
    }

    /// <summary>What a ledger knows, or knew at a moment.</summary>
    public static async Task<EstateInput> LoadAsync(string ledgerPath, string? asOf, string? knownAt, CancellationToken cancellationToken)
    {
        await using var ledger = await LedgerFile.OpenAsync(ledgerPath, cancellationToken);
        return Of((await Moments.StateAsync(ledger, asOf, knownAt, cancellationToken)).ToEstate(), isClean: true);
    }

    private static EstateInput Of(Estate estate, bool isClean)
    {
        var view = new EstateView(estate, TimeProvider.System.GetUtcNow());
        var (sources, _) = PathSource.All(view);
        return new EstateInput(estate, view, sources, ReachTarget.All(view, sources.Select(source => source.Workload)), isClean);
    }

    /// <summary>The sources meant by a name; all without one.</summary>
    public IReadOnlyList<PathSource> From(string? text) => text is null ? Sources
        : Named(() => NameSearch.Find(Sources, text, "workload", "--from", source => source.ShortName, source => source.Workload.Name.Value));

    /// <summary>The targets meant by a name or address, at the ports given or at their own; all without one.</summary>
    public IReadOnlyList<ReachTarget> To(string? text, IReadOnlyList<(byte? Protocol, ushort? Port)> ports)
    {
        var targets = text is null ? Targets
            : IpRange.TryParse(text) is { IsV6: false } address ? [ReachTarget.At(address)]
            : SqlBy(text) is { } sql ? [.. Targets.Where(target => target.Resource == sql)]
            : IsHostName(text) ? [ReachTarget.Named(text)]
            : Named(() => NameSearch.Find(Targets, text, "target", "--to", target => target.ShortName, target => target.Resource?.Value));
        return ports.Count == 0 ? targets
            : [.. targets.DistinctBy(target => (target.Resource, target.Address, target.ShortName)).SelectMany(target => ports.Select(port => target.On(port.Protocol, port.Port)))];
    }

    // "project:region:instance", as clients of Cloud SQL name it.
    private ResourceName? SqlBy(string text) => IntendedPaths.SqlBy(text, View)?.Name;

    // A name of the estate's own comes first.
    private bool IsHostName(string text) => text.Contains('.', StringComparison.Ordinal) && !text.Contains('/', StringComparison.Ordinal) && Uri.CheckHostName(text.TrimEnd('.')) == UriHostNameType.Dns
        && !Targets.Any(target => target.ShortName == text);

    /// <summary>Ports as people write them: tcp:5432, udp:53, icmp, 47, all.</summary>
    public static IReadOnlyList<(byte? Protocol, ushort? Port)> Ports(IEnumerable<string> texts) => [.. texts.Select(text =>
    {
        var parts = text.Split(':', 2);
        if (text == "all")
        {
            return ((byte?)null, (ushort?)null);
        }

        var protocol = IpProtocol.TryParse(parts[0].ToLowerInvariant());
        ushort? port = parts.Length == 2 && ushort.TryParse(parts[1], System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : null;
        return protocol is not null && (parts.Length == 1 || (port is not null && IpProtocol.HasPorts(protocol.Value))) ? (protocol, port)
            : throw new UsageException($"--port is '{text}'; a protocol with or without one port was expected, such as tcp:5432, udp:53, icmp, 47 or all.");
    })];

    private static IReadOnlyList<T> Named<T>(Func<IReadOnlyList<T>> find)
    {
        try
        {
            return find();
        }
        catch (FormatException e)
        {
            throw new UsageException(e.Message);
        }
    }
}
