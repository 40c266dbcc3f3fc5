using System.Reflection;
using System.Text.RegularExpressions;
using Auditor.Rules;

namespace Auditor.Tests.Conventions;

/// <summary>Habits of rules that every new rule has to keep.</summary>
public sealed partial class RuleConventions
{
    public static TheoryData<string> Ids => [.. RuleCatalog.All.Infos.Select(rule => rule.Id)];

    [Fact]
    public void Ids_AreUniqueAndWellFormed()
    {
        Assert.Equal(RuleCatalog.All.Infos.Count(), RuleCatalog.All.Infos.Select(rule => rule.Id).Distinct().Count());
        Assert.All(RuleCatalog.All.Infos, rule => Assert.Matches("^[A-Z]{3}[0-9]{3}$", rule.Id));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Title_SaysTheGoodState(string id)
    {
        var rule = RuleCatalog.All.Find(id)!;
        Assert.True(rule.Title.Length < 80, $"{id}: the title has {rule.Title.Length} characters; less than 80 were expected.");
        Assert.False(rule.Title.StartsWith("Ensure", StringComparison.OrdinalIgnoreCase), $"{id}: the title states the good state, without 'Ensure'.");
        Assert.False(rule.Title.EndsWith('.'), $"{id}: a title has no full stop.");
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Texts_AreSentencesAndCommandsAreThere(string id)
    {
        var rule = RuleCatalog.All.Find(id)!;
        Assert.All(new[] { rule.What, rule.WhyItMatters, rule.Remediation, rule.DoesNotApply }, text => Assert.EndsWith(".", text, StringComparison.Ordinal));
        Assert.Contains("gcloud ", rule.Gcloud, StringComparison.Ordinal);
        Assert.Contains("resource \"google_", rule.Terraform, StringComparison.Ordinal);
        Assert.Contains(rule.References, reference => reference.StartsWith("https://cloud.google.com/", StringComparison.Ordinal));
        Assert.All(rule.Knobs, knob => Assert.StartsWith($"{id}.", knob.Key, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void FolderNamespaceAndTests_FollowTheId(string id)
    {
        var rule = RuleCatalog.All.StateRules.Single(rule => rule.Info.Id == id).GetType();
        var family = Families.All.Single(family => family.Letters == id[..3]);
        Assert.Equal($"Auditor.Rules.{family.Folder}", rule.Namespace);
        var root = Repository.Root;
        Assert.True(File.Exists(Path.Combine(root, "src", "Auditor.Core", "Rules", family.Folder, $"{id}.{rule.Name}.cs")), $"{id}: its file is {id}.{rule.Name}.cs in Rules/{family.Folder}.");
        Assert.True(File.Exists(Path.Combine(root, "tests", "Auditor.Tests", "Rules", family.Folder, $"{id}.{rule.Name}Tests.cs")), $"{id}: its test is {id}.{rule.Name}Tests.cs in Rules/{family.Folder}.");
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Tests_ShowItPassingFailingAndNotTelling(string id)
    {
        var rule = RuleCatalog.All.StateRules.Single(rule => rule.Info.Id == id).GetType();
        var test = typeof(RuleConventions).Assembly.GetTypes().SingleOrDefault(type => type.Name == $"{rule.Name}Tests");
        Assert.True(test is not null, $"{id}: there is no class {rule.Name}Tests.");
        var names = test.GetMethods(BindingFlags.Instance | BindingFlags.Public).Select(method => method.Name).ToList();
        Assert.Contains(names, name => name.StartsWith("Passes_", StringComparison.Ordinal));
        Assert.Contains(names, name => name.StartsWith("Fails_", StringComparison.Ordinal));
    }

    [Fact]
    public void ReleasesPage_EqualsTheCatalog()
    {
        var lines = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "rules", "RELEASES.md"));
        var now = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (Match match in lines.Select(line => Release().Match(line)).Where(match => match.Success))
        {
            if (match.Groups["what"].Value.StartsWith("removed", StringComparison.Ordinal))
            {
                now.Remove(match.Groups["id"].Value);
            }
            else
            {
                now[match.Groups["id"].Value] = match.Groups["severity"].Value;
            }
        }

        Assert.Equal(RuleCatalog.All.Infos.ToDictionary(rule => rule.Id, rule => rule.Severity.ToString()), now);
    }

    [GeneratedRegex(@"^(?<id>[A-Z]{3}\d{3}) \| (?:\w+ -> )?(?<severity>\w+|-) \| (?<what>.+)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Release();
}
