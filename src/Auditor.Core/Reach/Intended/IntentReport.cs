using Auditor.Model;

namespace Auditor.Reach.Intended;

/// <summary>How every intent stands in an estate, workload by workload and target by target; what variables of workloads say they call stands beside, marked as inferred.</summary>
/// <param name="Rows">Declared intents as they are declared, then inferred ones; within each by workload and target.</param>
/// <param name="BadInput">Why intents cannot be meant as they are here: they name nothing, or contradict each other. A sentence each.</param>
public sealed record IntentReport(ValueList<IntentRow> Rows, ValueList<string> BadInput)
{
    public static IntentReport Of(Intents intents, EstateView view)
    {
        var workloads = IntentCheck.Workloads(view);
        var rows = intents.Flows.SelectMany(flow => Of(flow, workloads, view))
            .Concat(intents.Egress.SelectMany(egress => Of(egress, workloads, view)))
            .Concat(workloads.SelectMany(workload => Inferred(workload, view)));
        return new IntentReport(rows.ToValueList(), IntentCheck.NamesNothing(intents, view).Concat(IntentCheck.Contradictions(intents, view)).ToValueList());
    }

    private static IEnumerable<IntentRow> Of(FlowIntent flow, IReadOnlyList<Workload> workloads, EstateView view) => workloads.Where(flow.From.Matches)
        .SelectMany(workload => flow.Judge(workload, view).Select(answer => new IntentRow(flow.Name, WordOf(flow.Demand), flow.Origin, workload.Name, answer.Target.Length > 0 ? answer.Target : flow.To.ToString(), answer.Standing, answer.Because)))
        .DefaultIfEmpty(new IntentRow(flow.Name, WordOf(flow.Demand), flow.Origin, null, flow.To.ToString(), IntentStanding.Void, $"there is no workload {flow.From}"));

    private static IEnumerable<IntentRow> Of(EgressIntent egress, IReadOnlyList<Workload> workloads, EstateView view) => workloads.Where(egress.From.Matches)
        .Select(workload => (workload.Name, Answer: egress.Judge(workload, view)))
        .Select(pair => new IntentRow(egress.Name, "egress", egress.Origin, pair.Name, string.Join(", ", egress.Addresses), StandingOf(pair.Answer.Standing), pair.Answer.Because))
        .DefaultIfEmpty(new IntentRow(egress.Name, "egress", egress.Origin, null, string.Join(", ", egress.Addresses), IntentStanding.Void, $"there is no workload {egress.From}"));

    // What a variable says is what somebody needs, but nobody has declared it.
    private static IEnumerable<IntentRow> Inferred(Workload workload, EstateView view)
    {
        foreach (var endpoint in workload.Endpoints)
        {
            if (endpoint is { Address: { IsV6: false } address, Port: { } port } && ServicePorts.TryParse($"tcp:{port.ToString(System.Globalization.CultureInfo.InvariantCulture)}") is { } ports)
            {
                var flow = new FlowIntent($"{workload.Name.Id} -> {endpoint}", FlowDemand.Must, new IntentSelector(workload.Name.Value), new IntentTarget.Addresses(address), [ports], new IntentOrigin("", 0));
                foreach (var answer in flow.Judge(workload, view))
                {
                    yield return new IntentRow(flow.Name, WordOf(flow.Demand), null, workload.Name, endpoint.ToString(), answer.Standing, answer.Because);
                }
            }
        }
    }

    private static string WordOf(FlowDemand demand) => demand == FlowDemand.Must ? "must" : "never";

    private static IntentStanding StandingOf(EgressStanding standing) => standing switch
    {
        EgressStanding.Kept => IntentStanding.Holds,
        EgressStanding.SettingUnknown or EgressStanding.ExitUnknown or EgressStanding.AddressesUnknown => IntentStanding.Unknown,
        _ => IntentStanding.Broken,
    };
}

/// <summary>How one intent stands for one workload and one target.</summary>
/// <param name="Kind">"must", "never" or "egress", as the file says it.</param>
/// <param name="Origin">Where it is declared; null where it is inferred from a variable of the workload.</param>
/// <param name="Workload">Null when the intent is about no workload.</param>
/// <param name="Because">Completes "…because"; empty where it holds.</param>
public sealed record IntentRow(string Intent, string Kind, IntentOrigin? Origin, ResourceName? Workload, string Target, IntentStanding Standing, string Because)
{
    /// <summary>Nobody declared it: a variable of the workload says it.</summary>
    public bool IsInferred => Origin is null;
}
