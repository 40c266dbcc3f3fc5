using System.Collections.Immutable;
using Auditor.Model;
using CsCheck;

namespace Auditor.Tests.Model;

public sealed class ResourceNameTests
{
    private static readonly Gen<string> s_id = Gen.Select(Gen.Char['a', 'z'], Gen.String[Gen.Char["abcdefghijklmnopqrstuvwxyz0123456789-"], 0, 12], (first, rest) => $"{first}{rest}");

    private static readonly Gen<(KindTable.Row Row, ResourceName Name)> s_name =
        Gen.Select(Gen.Int[0, KindTable.Rows.Length - 1], s_id.Array[4], (index, ids) =>
        {
            var (next, row) = (0, KindTable.Rows[index]);
            var path = string.Join('/', row.Pattern.Split('/').Select(segment => segment[0] == '{' ? ids[next++] : segment));
            return (row, ResourceName.Of(row.Host, path));
        });

    [Fact]
    public void TryParse_EveryForm_GivesTheSameName() => s_name.Sample(item =>
    {
        var (row, name) = item;
        Assert.Equal(row.Kind, name.Kind);
        Assert.Equal(name, ResourceName.TryParse(name.Value));
        Assert.Equal(name, ResourceName.TryParse(name.Path, row.Host));
        Assert.Equal(name, ResourceName.TryParse($"https://{row.Host}/v1/{name.Path}"));
        if (row.Host == "compute.googleapis.com")
        {
            Assert.Equal(name, ResourceName.TryParse($"https://www.googleapis.com/compute/v1/{name.Path}"));
            Assert.Equal(name, ResourceName.TryParse($"https://compute.googleapis.com/compute/beta/{name.Path}"));
        }
    });

    [Fact]
    public void WithProjectId_Number_BecomesId() => s_name.Where(item => item.Name.Path.StartsWith("projects/", StringComparison.Ordinal)).Sample(item =>
    {
        var ids = ImmutableDictionary<string, string>.Empty.Add("123456", item.Name.Project!);
        var numbered = ResourceName.Of(item.Name.Host, $"projects/123456{item.Name.Path[("projects/".Length + item.Name.Project!.Length)..]}");
        Assert.True(numbered.HasProjectNumber);
        Assert.Equal(item.Name, numbered.WithProjectId(ids));
    });
}
