using Auditor.Network;
using Auditor.Reach.Intended;
using YamlDotNet.RepresentationModel;

namespace Auditor.Adapters.Configuration;

/// <summary>Reads <c>intents</c>: flows under <c>must</c> and <c>never</c>, fixed addresses under <c>egress</c>.</summary>
internal sealed class IntentSection(YamlFile file)
{
    public static readonly string[] Keys = ["must", "never", "egress"];
    public static readonly string[] FlowKeys = ["name", "from", "to", "port"];
    public static readonly string[] EgressKeys = ["name", "from", "addresses"];
    public static readonly string[] SelectorKeys = ["name", "project", "label"];

    private readonly Dictionary<string, IntentOrigin> _names = new(StringComparer.Ordinal);

    public Intents Read(YamlNode node)
    {
        var flows = new List<FlowIntent>();
        var egress = new List<EgressIntent>();
        if (file.Mapping(node, "intents") is { } mapping)
        {
            foreach (var (key, _, value) in file.Entries(mapping, "intents", Keys))
            {
                foreach (var item in YamlFile.Items(value))
                {
                    if (key == "egress")
                    {
                        Add(egress, Egress(item));
                    }
                    else
                    {
                        Add(flows, Flow(item, key == "must" ? FlowDemand.Must : FlowDemand.Never));
                    }
                }
            }
        }

        var intents = new Intents { Flows = flows.ToValueList(), Egress = egress.ToValueList() };
        file.Problems.AddRange(intents.Contradictions());
        return intents;
    }

    /// <summary>Selects by a name alone, or by name, project and label together. Null after a problem.</summary>
    public IntentSelector? Selector(YamlNode node, string key)
    {
        if (node is not YamlMappingNode mapping)
        {
            return file.Text(node, key) is not { } text ? null : text == "any" ? IntentSelector.Any : new IntentSelector(text);
        }

        var selector = new IntentSelector();
        var problems = file.Problems.Count;
        foreach (var (part, _, value) in file.Entries(mapping, key, SelectorKeys))
        {
            if (file.Text(value, $"{key}.{part}") is { } text)
            {
                selector = part switch
                {
                    "name" => selector with { Name = text },
                    "project" => selector with { Project = text },
                    _ => selector with { Label = Label(value, $"{key}.label") },
                };
            }
        }

        if (selector == IntentSelector.Any && file.Problems.Count == problems)
        {
            file.Add(node, $"{key} selects nothing; name, project or label, or 'any' instead of all of them, is wanted");
        }

        return file.Problems.Count == problems ? selector : null;
    }

    /// <summary>A label as "key=value". Null after a problem.</summary>
    public KeyValuePair<string, string>? Label(YamlNode node, string key)
    {
        if (file.Text(node, key) is not { } text)
        {
            return null;
        }

        var at = text.IndexOf('=', StringComparison.Ordinal);
        if (at > 0)
        {
            return new(text[..at], text[(at + 1)..]);
        }

        file.Add(node, $"{key} is '{text}'; a label such as env=prod is wanted");
        return null;
    }

    private FlowIntent? Flow(YamlNode node, FlowDemand demand)
    {
        var within = $"intents.{(demand == FlowDemand.Must ? "must" : "never")}";
        var problems = file.Problems.Count;
        IntentSelector? from = null;
        IntentTarget? to = null;
        var ports = new List<ServicePorts>();
        string? name = null;
        foreach (var (key, _, value) in Entries(node, within, FlowKeys))
        {
            switch (key)
            {
                case "name":
                    name = file.Text(value, $"{within}.name");
                    break;
                case "from":
                    from = Selector(value, $"{within}.from");
                    break;
                case "to":
                    to = Target(value, $"{within}.to");
                    break;
                default:
                    ports.AddRange(YamlFile.Items(value).Select(item => Port(item, $"{within}.port")).OfType<ServicePorts>());
                    break;
            }
        }

        Need(node, within, problems, ("from", from), ("to", to));
        if (file.Problems.Count > problems)
        {
            return null;
        }

        name ??= $"{from} -> {to}{(ports.Count == 0 ? "" : $" {string.Join(",", ports)}")}";
        return IsNew(node, name) ? new FlowIntent(name, demand, from!, to!, ports.ToValueList(), file.At(node)) : null;
    }

    private EgressIntent? Egress(YamlNode node)
    {
        const string Within = "intents.egress";
        var problems = file.Problems.Count;
        IntentSelector? from = null;
        var addresses = new List<ExpectedAddress>();
        string? name = null;
        foreach (var (key, _, value) in Entries(node, Within, EgressKeys))
        {
            switch (key)
            {
                case "name":
                    name = file.Text(value, $"{Within}.name");
                    break;
                case "from":
                    from = Selector(value, $"{Within}.from");
                    break;
                default:
                    addresses.AddRange(YamlFile.Items(value).Select(item => Address(item, $"{Within}.addresses")).OfType<ExpectedAddress>());
                    break;
            }
        }

        Need(node, Within, problems, ("from", from), ("addresses", addresses.Count == 0 ? null : addresses));
        if (file.Problems.Count > problems)
        {
            return null;
        }

        name ??= $"{from} leaves by {string.Join(", ", addresses)}";
        return IsNew(node, name) ? new EgressIntent(name, from!, addresses.ToValueList(), file.At(node)) : null;
    }

    private IntentTarget? Target(YamlNode node, string key)
    {
        if (node is YamlScalarNode { Value: { Length: > 0 } text })
        {
            if (text is "internet" or "googleapis")
            {
                return text == "internet" ? new IntentTarget.Internet() : new IntentTarget.GoogleApis();
            }

            if (IpRange.TryParse(text) is { } range)
            {
                if (!range.IsV6)
                {
                    return new IntentTarget.Addresses(range);
                }

                file.Add(node, $"{key} is '{text}'; connectors carry IPv4, and an IPv4 address or range is wanted");
                return null;
            }

            if (text.All(c => char.IsAsciiDigit(c) || c is '.' or '/'))
            {
                file.Add(node, $"{key} is '{text}', which is no IPv4 address or range; one such as 10.1.0.5 or 10.1.0.0/24, or the name of a target, is wanted");
                return null;
            }
        }

        return Selector(node, key) switch
        {
            null => null,
            var which when which == IntentSelector.Any => Refuse(node, $"{key} is 'any'; a target is wanted: a name, an address or range such as 10.0.0.0/8, internet, googleapis, or name, project and label"),
            var which => new IntentTarget.Resources(which),
        };
    }

    private IntentTarget? Refuse(YamlNode node, string sentence)
    {
        file.Add(node, sentence);
        return null;
    }

    private ServicePorts? Port(YamlNode node, string key)
    {
        if (file.Text(node, key) is not { } text)
        {
            return null;
        }

        var ports = ServicePorts.TryParse(text);
        if (ports is null)
        {
            file.Add(node, $"{key} is '{text}'; {ServicePorts.Expected} is wanted");
        }

        return ports;
    }

    private ExpectedAddress? Address(YamlNode node, string key)
    {
        if (file.Text(node, key) is not { } text)
        {
            return null;
        }

        if (IpRange.TryParse(text) is { } range ? !range.IsV6 && range.PrefixLength == 32 : !text.All(c => char.IsAsciiDigit(c) || c is '.'))
        {
            return new ExpectedAddress(text);
        }

        file.Add(node, $"{key} is '{text}'; one IPv4 address, or the name of a reserved one, is wanted");
        return null;
    }

    private IEnumerable<(string Key, YamlNode KeyNode, YamlNode Value)> Entries(YamlNode node, string within, string[] known) =>
        file.Mapping(node, within) is { } mapping ? file.Entries(mapping, within, known) : [];

    private void Need(YamlNode node, string within, int problems, params ReadOnlySpan<(string Key, object? Value)> parts)
    {
        foreach (var (key, value) in parts)
        {
            if (value is null && file.Problems.Count == problems)
            {
                file.Add(node, $"{within} has no '{key}'; one is wanted in each of its items");
            }
        }
    }

    private bool IsNew(YamlNode node, string name)
    {
        if (_names.TryAdd(name, file.At(node)))
        {
            return true;
        }

        file.Add(node, $"the name '{name}' is that of the intent at {_names[name]} too; a 'name' of its own is wanted for each");
        return false;
    }

    private static void Add<T>(List<T> list, T? item)
        where T : class
    {
        if (item is not null)
        {
            list.Add(item);
        }
    }
}
