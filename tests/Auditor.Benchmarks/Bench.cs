using Auditor.Benchmarks.Harness;
using Auditor.Simulator.Generator;

namespace Auditor.Benchmarks;

/// <summary>All measurements, in the order of the table.</summary>
internal sealed class Bench(string folder, TextWriter talk)
{
    private readonly List<Row> _rows = [];

    public async Task<IReadOnlyList<Row>> RunAsync(bool withLarge, CancellationToken cancellationToken)
    {
        await SayAsync("entries");
        _rows.Add(EntryParsing.Measure());
        var small = EstateFile.Write(folder, EstateSize.Small, RuleShape.Random);
        var medium = EstateFile.Write(folder, EstateSize.Medium, RuleShape.Random);
        var shapes = new[] { RuleShape.EarlyDeny, RuleShape.FallThrough }.Select(shape => EstateFile.Write(folder, EstateSize.Medium, shape));
        await SayAsync("exports");
        _rows.Add(await ExportParsing.MeasureAsync(small, 9, cancellationToken));
        _rows.Add(await ExportParsing.MeasureAsync(medium, 5, cancellationToken));
        foreach (var estate in shapes.Prepend(medium).Prepend(small))
        {
            await SayAsync($"evaluation of {estate.SizeWord}, {estate.ShapeWord}");
            _rows.AddRange(await Evaluating.MeasureAsync(estate, 5, cancellationToken));
        }

        await SayAsync("firewalls");
        _rows.AddRange(Firewalling.Measure());
        await RunPathsAsync(withLarge, cancellationToken);
        await SayAsync("inbox");
        _rows.AddRange(await Enqueueing.MeasureAsync(folder, cancellationToken));
        foreach (var estate in new[] { small, medium })
        {
            await SayAsync($"the line on {estate.SizeWord}");
            _rows.AddRange(await Committing.MeasureAsync(estate, folder, cancellationToken));
            _rows.AddRange(await Opening.MeasureAsync(estate, folder, cancellationToken));
        }

        if (withLarge)
        {
            var large = EstateFile.Write(folder, EstateSize.Large, RuleShape.Random);
            await SayAsync("export of large");
            _rows.Add(await ExportParsing.MeasureAsync(large, 1, cancellationToken));
            await SayAsync("evaluation of large");
            _rows.AddRange(await Evaluating.MeasureAsync(large, 1, cancellationToken));
            await SayAsync("opening large");
            _rows.AddRange(await Opening.MeasureAsync(large, folder, cancellationToken));
        }

        return _rows;
    }

    /// <summary>Just whole paths.</summary>
    public async Task<IReadOnlyList<Row>> RunPathsAsync(bool withLarge, CancellationToken cancellationToken)
    {
        await SayAsync("paths of one network");
        _rows.AddRange(Reaching.Measure());
        foreach (var size in withLarge ? new[] { EstateSize.Small, EstateSize.Medium, EstateSize.Large } : [EstateSize.Small, EstateSize.Medium])
        {
            var estate = EstateFile.Write(folder, size, RuleShape.Random);
            await SayAsync($"paths of {estate.SizeWord}");
            _rows.AddRange(await Reaching.MeasureAsync(estate, cancellationToken));
        }

        return _rows;
    }

    /// <summary>Just what ledgers cost.</summary>
    public async Task<IReadOnlyList<Row>> RunLedgersAsync(bool withLarge, CancellationToken cancellationToken)
    {
        foreach (var size in withLarge ? new[] { EstateSize.Medium, EstateSize.Large } : [EstateSize.Medium])
        {
            var estate = EstateFile.Write(folder, size, RuleShape.Random);
            await SayAsync($"opening {estate.SizeWord}");
            _rows.AddRange(await Opening.MeasureAsync(estate, folder, cancellationToken));
            if (size == EstateSize.Medium)
            {
                await SayAsync($"the line on {estate.SizeWord}");
                _rows.AddRange(await Committing.MeasureAsync(estate, folder, cancellationToken));
            }
        }

        return _rows;
    }

    private Task SayAsync(string what) => talk.WriteLineAsync($"bench: {what}");
}
