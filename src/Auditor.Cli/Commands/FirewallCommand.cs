using System.CommandLine;
using System.Text.Json;
using Auditor.Adapters.Exports;
using Auditor.Cli.Output;
using Auditor.Model;
using Auditor.Network;
using Auditor.Reach.Firewalls;
using Auditor.Reach.Paths;
using Spectre.Console;

namespace Auditor.Cli.Commands;

/// <summary><c>auditor firewall</c>: what passes a network's firewall and what decides, exactly; or which of its rules can never decide.</summary>
internal static class FirewallCommand
{
    public static Command Create()
    {
        var assets = new Option<string[]>("--assets") { Description = "an export, a folder, or one recorded effective-firewall answer; repeatable", AllowMultipleArgumentsPerToken = true };
        var ledger = new Option<string?>("--ledger") { Description = "instead of --assets: what a ledger knows" };
        var asOf = Moments.AsOfOption();
        var knownAt = Moments.KnownAtOption();
        var network = new Option<string>("--network") { Description = "the network: its name, projects/P/global/networks/N, or any form of Google's", Required = true };
        var region = new Option<string?>("--region") { Description = "the machine's region; without it rules of regional policies are undecided" };
        var direction = new Option<string?>("--direction") { Description = "ingress or egress, seen from the machine" };
        var peer = new Option<string?>("--peer") { Description = "address or CIDR block of the other end" };
        var port = new Option<string[]>("--port") { Description = "tcp:5432, udp:53-60, icmp, 47, all; all by default; repeatable" };
        var own = new Option<string?>("--target-range") { Description = "the machine's own addresses, for rules that ask for them" };
        var sourceTags = new Option<string[]>("--source-tag") { Description = "network tag of the other end, in the same network; repeatable" };
        var targetTags = new Option<string[]>("--target-tag") { Description = "network tag of the machine; repeatable" };
        var sourceAccount = new Option<string?>("--source-service-account") { Description = "service account of the other end" };
        var targetAccount = new Option<string?>("--target-service-account") { Description = "service account of the machine" };
        var shadowed = new Option<bool>("--shadowed") { Description = "list rules that can never decide, and what covers them" };
        var partly = new Option<bool>("--partly") { Description = "with --shadowed: also rules of which only a part is covered" };
        var format = Answers.FormatOption();
        var command = new Command("firewall", "Ask a network's firewall: what passes, what decides, which rules can never decide")
        {
            assets, ledger, asOf, knownAt, network, region, direction, peer, port, own, sourceTags, targetTags, sourceAccount, targetAccount, shadowed, partly, format,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var isJson = parsed.GetValue(format) == Format.Json;
            var paths = parsed.GetValue(assets) ?? [];
            var (estate, isClean) = (parsed.GetValue(ledger), paths.Length) switch
            {
                ({ } path, 0) => await LoadAsync(path, parsed.GetValue(asOf), parsed.GetValue(knownAt), cancellationToken),
                (null, > 0) when parsed.GetValue(asOf) is null && parsed.GetValue(knownAt) is null => await ReadAsync(paths, cancellationToken),
                (null, > 0) => throw new UsageException("--as-of and --known-at are about a ledger; --ledger names one."),
                _ => throw new UsageException("either --assets or --ledger is needed."),
            };
            var firewall = await FindAsync(estate, parsed.GetValue(network)!, parsed.GetValue(region), parsed.GetValue(ledger) ?? string.Join(", ", paths));
            if (parsed.GetValue(shadowed))
            {
                return await ShadowsAsync(firewall, parsed.GetValue(partly), isJson, isClean, cancellationToken);
            }

            var isEgress = parsed.GetValue(direction) switch
            {
                "ingress" => false,
                "egress" => true,
                null => throw new UsageException("--direction ingress or --direction egress is needed (or --shadowed)."),
                var other => throw new UsageException($"--direction is '{other}'; ingress or egress was expected."),
            };
            var answer = firewall.Answer(
                isEgress ? TrafficDirection.Egress : TrafficDirection.Ingress,
                new FirewallEnd(parsed.GetValue(own) is { } range ? RangeOf("--target-range", range) : null, (parsed.GetValue(targetTags) ?? []).ToValueList(), parsed.GetValue(targetAccount)),
                new FirewallEnd(RangeOf("--peer", parsed.GetValue(peer) ?? throw new UsageException("--peer is needed: an address or CIDR block of the other end.")), (parsed.GetValue(sourceTags) ?? []).ToValueList(), parsed.GetValue(sourceAccount)),
                TrafficOf(parsed.GetValue(port) ?? []));
            await AnswerAsync(firewall, answer, isJson, cancellationToken);
            return answer.Unknown.IsEmpty && isClean ? ExitCodes.Clean : ExitCodes.Incomplete;
        });
        return command;
    }

    // What a file does not hold does not exist: it is asked about just this network.
    private static async Task<(Estate Estate, bool IsClean)> ReadAsync(string[] paths, CancellationToken cancellationToken)
    {
        using var progress = new ReadingProgress(Console.Error);
        var read = await ExportReader.ReadAsync(paths, complete: true, progress, cancellationToken);
        progress.Finish();
        foreach (var problem in read.Problems)
        {
            await Console.Error.WriteLineAsync($"auditor: {problem}");
        }

        return (read.Estate, read.Problems.Count == 0);
    }

    private static async Task<(Estate Estate, bool IsClean)> LoadAsync(string path, string? asOf, string? knownAt, CancellationToken cancellationToken)
    {
        await using var ledger = await LedgerFile.OpenAsync(path, cancellationToken);
        return ((await Moments.StateAsync(ledger, asOf, knownAt, cancellationToken)).ToEstate(), true);
    }

    private static async Task<EffectiveFirewall> FindAsync(Estate estate, string network, string? region, string input)
    {
        var name = NetworkOf(estate, network, input);
        if (region is not null && !estate.Resources.Any(resource => resource.Name.Location == region))
        {
            await Console.Error.WriteLineAsync($"auditor: nothing in the input is in region {region}.");
        }

        return EffectiveFirewall.Of(new EstateView(estate, TimeProvider.System.GetUtcNow()), name, region);
    }

    private static ResourceName NetworkOf(Estate estate, string text, string input)
    {
        var known = estate.OfKind(ResourceKind.Network).Concat(estate.Resources.SelectMany(resource => resource.References).Where(reference => reference.Kind == ResourceKind.Network)).Distinct().Order().ToList();
        if (known.Count == 0)
        {
            throw new UsageException($"no network is in {input}.");
        }

        var fitting = ResourceName.TryParse(text, "compute.googleapis.com") is { Kind: ResourceKind.Network } full ? known.FindAll(name => name == full.WithProjectId(estate.ProjectIdsByNumber)) : known.FindAll(name => name.Id == text || name.Path.EndsWith("/" + text, StringComparison.Ordinal));
        return fitting switch
        {
            [var one] => one,
            [] => throw new UsageException(NameSearch.Near(text, known.Select(name => name.Id)) is { Count: > 0 } near ? $"--network is '{text}', which is no network here; did you mean {string.Join(" or ", near)}."
                : $"--network is '{text}'; one of these was expected: {string.Join(", ", known.Take(10).Select(name => name.Path))}{(known.Count > 10 ? $" and {known.Count - 10} more" : "")}."),
            _ => throw new UsageException($"--network is '{text}', which is more than one: {string.Join(", ", fitting.Select(name => name.Path))}."),
        };
    }

    private static AddressSet RangeOf(string option, string text) =>
        AddressSet.Of(IpRange.TryParse(text) ?? throw new UsageException($"{option} is '{text}'; an address or CIDR block such as 10.8.0.0/28 was expected."));

    private static IntervalSet<uint> TrafficOf(string[] ports)
    {
        if (ports.Length == 0)
        {
            return Traffic.All;
        }

        var intervals = new List<Interval<uint>>();
        foreach (var text in ports)
        {
            var parts = text.Split(':', 2);
            UsageException Wrong() => new($"--port is '{text}'; a protocol with or without ports was expected, such as tcp:5432, udp:53-60, icmp, 47 or all.");
            if (text == "all")
            {
                intervals.AddRange(Traffic.All.Intervals);
                continue;
            }

            var protocol = IpProtocol.TryParse(parts[0].ToLowerInvariant()) ?? throw Wrong();
            if (parts.Length == 1)
            {
                intervals.AddRange(Traffic.OfProtocol(protocol).Intervals);
                continue;
            }

            var port = PortInterval.TryParse(parts[1]) is { } interval && IpProtocol.HasPorts(protocol) ? interval : throw Wrong();
            intervals.AddRange(Traffic.OfPorts(protocol, IntervalSet.Of((ushort)port.First, (ushort)port.Last)).Intervals);
        }

        return IntervalSet.Of(intervals);
    }

    private static string Word(FirewallEffect effect) => effect switch { FirewallEffect.Allow => "allow", FirewallEffect.Deny => "deny", _ => "unknown" };

    private static async Task AnswerAsync(EffectiveFirewall firewall, FirewallAnswer answer, bool isJson, CancellationToken cancellationToken)
    {
        var effects = answer.Decisions.Select(pair => pair.Decision.Effect).Distinct().ToList();
        var action = effects is [var only] ? Word(only) : "mixed";
        if (isJson)
        {
            await Answers.WriteJsonAsync(
                writer =>
                {
                    writer.WriteStartObject();
                    writer.WriteString("network", firewall.Network.Path);
                    writer.WriteString("action", action);
                    var deciders = answer.Decisions.Select(pair => pair.Decision.DecidedBy).OfType<FirewallDecider>().Distinct().ToList();
                    if (deciders is [var one] && answer.Unknown.IsEmpty)
                    {
                        writer.WriteString("decidedBy", one.Name);
                    }
                    else
                    {
                        writer.WriteNull("decidedBy");
                    }

                    writer.WriteBoolean("assumed", deciders.Exists(decider => decider.Assumed) || !firewall.Assumptions.IsEmpty);
                    foreach (var (name, effect) in new[] { ("allowed", FirewallEffect.Allow), ("denied", FirewallEffect.Deny), ("unknown", FirewallEffect.Unknown) })
                    {
                        writer.WriteStartArray(name);
                        foreach (var pair in answer.Decisions.Where(pair => pair.Decision.Effect == effect))
                        {
                            Write(writer, pair.Decision, pair.Packets);
                        }

                        writer.WriteEndArray();
                    }

                    Write(writer, "assumptions", firewall.Assumptions);
                    writer.WriteEndObject();
                },
                cancellationToken);
            return;
        }

        var table = new Table().Border(TableBorder.Simple).AddColumns("effect", "packets", "peers", "decided by", "for example");
        foreach (var (decision, packets) in answer.Decisions)
        {
            var rows = packets.Pieces().GroupBy(piece => piece.Peers).Select(group => (Traffic: string.Join(", ", group.Select(piece => piece.Traffic)), group.Key)).ToList();
            var why = decision.DecidedBy?.ToString() ?? string.Join("; ", decision.Because);
            foreach (var (traffic, peers) in rows)
            {
                var isFirst = traffic == rows[0].Traffic && peers == rows[0].Key;
                table.AddRow(
                    isFirst ? $"{(decision.Effect == FirewallEffect.Allow ? "[green]" : decision.Effect == FirewallEffect.Deny ? "[red]" : "[yellow]")}{Word(decision.Effect)}[/]" : "",
                    Markup.Escape(traffic),
                    Markup.Escape(peers.ToString()),
                    isFirst ? Markup.Escape(why) : "",
                    isFirst ? Markup.Escape(packets.Witness()!.ToString()) : "");
            }
        }

        Answers.Out.Write(table);
        foreach (var assumption in firewall.Assumptions)
        {
            Wrapped.Write(Answers.Out, "assumed", assumption);
        }

        Console.Out.WriteLine($"{action} on network {firewall.Network.Id} ({firewall.Network.Project})");
    }

    private static void Write(Utf8JsonWriter writer, FirewallDecision decision, PacketSet packets)
    {
        // One entry for ports that have the same peers.
        foreach (var group in packets.Pieces().GroupBy(piece => (piece.Traffic.Protocol, piece.Peers)))
        {
            writer.WriteStartObject();
            writer.WriteString("protocol", group.Key.Protocol);
            Write(writer, "ports", group.Where(piece => !piece.Traffic.HasAllPorts).Select(piece => piece.Traffic.Ports.ToString()));
            Write(writer, "peers", group.Key.Peers.ToRanges().Select(range => range.ToString()));
            if (decision.DecidedBy is { } decider)
            {
                writer.WriteString("decidedBy", decider.Name);
                writer.WriteBoolean("assumed", decider.Assumed);
            }
            else
            {
                Write(writer, "because", decision.Because);
            }

            writer.WriteEndObject();
        }
    }

    private static void Write(Utf8JsonWriter writer, string name, IEnumerable<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (var text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }

    private static async Task<int> ShadowsAsync(EffectiveFirewall firewall, bool withPartial, bool isJson, bool isClean, CancellationToken cancellationToken)
    {
        var shadows = firewall.Shadows(withPartial).ToList();
        if (isJson)
        {
            await Answers.WriteJsonAsync(
                writer =>
                {
                    writer.WriteStartObject();
                    writer.WriteString("network", firewall.Network.Path);
                    writer.WriteStartArray("shadowed");
                    foreach (var shadow in shadows)
                    {
                        writer.WriteStartObject();
                        writer.WriteString("rule", shadow.Rule.Name);
                        writer.WriteString("resource", shadow.Rule.Resource?.Value);
                        writer.WriteNumber("priority", shadow.Rule.Priority ?? 0);
                        writer.WriteString("direction", shadow.Direction.ToString().ToLowerInvariant());
                        writer.WriteString("shadowed", shadow.IsFull ? "fully" : "partly");
                        Write(writer, "coveredBy", shadow.By.Select(decider => decider.Name));
                        writer.WriteEndObject();
                    }

                    writer.WriteEndArray();
                    Write(writer, "assumptions", firewall.Assumptions);
                    writer.WriteEndObject();
                },
                cancellationToken);
        }
        else
        {
            var table = new Table().Border(TableBorder.Simple).AddColumns("rule", "direction", "shadowed", "covered by");
            foreach (var shadow in shadows)
            {
                table.AddRow(Markup.Escape(shadow.Rule.ToString()), shadow.Direction.ToString().ToLowerInvariant(), shadow.IsFull ? "[yellow]fully[/]" : "partly", Markup.Escape(string.Join(", ", shadow.By)));
            }

            if (shadows.Count > 0)
            {
                Answers.Out.Write(table);
            }

            foreach (var assumption in firewall.Assumptions)
            {
                Wrapped.Write(Answers.Out, "assumed", assumption);
            }

            Console.Out.WriteLine($"{shadows.Count(shadow => shadow.IsFull)} rules of network {firewall.Network.Id} ({firewall.Network.Project}) can never decide{(withPartial ? $", {shadows.Count(shadow => !shadow.IsFull)} decide only a part" : "")}");
        }

        return shadows.Exists(shadow => shadow.IsFull) ? ExitCodes.Findings : isClean ? ExitCodes.Clean : ExitCodes.Incomplete;
    }
}
