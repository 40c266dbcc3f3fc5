using System.Text;
using System.Text.Json;
using Auditor.Simulator.Generator;

namespace Auditor.Tests.Simulator.Generator;

/// <summary>A generated estate as raw JSON, without any type of the model.</summary>
internal sealed class Generated
{
    public Generated(EstateSize size, RuleShape shape, ulong seed)
    {
        using var output = new MemoryStream();
        Said = EstateGenerator.Write(size, shape, seed, output);
        Bytes = output.ToArray();
        Lines = [.. Encoding.UTF8.GetString(Bytes).TrimEnd('\n').Split('\n')];
        Assets = [.. Lines.Select(line => JsonElement.Parse(line))];
        Names = [.. Assets.Select(asset => asset.GetProperty("name").GetString()!)];
    }

    public GeneratedEstate Said { get; }

    public byte[] Bytes { get; }

    public List<string> Lines { get; }

    public List<JsonElement> Assets { get; }

    public HashSet<string> Names { get; }

    public IEnumerable<JsonElement> OfType(string type) => Assets.Where(asset => asset.GetProperty("asset_type").GetString() == type);
}
