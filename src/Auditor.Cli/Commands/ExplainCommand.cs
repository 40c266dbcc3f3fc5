using System.CommandLine;
using Auditor.Cli.Output;
using Auditor.Reach.Paths;
using Auditor.Rules;
using Spectre.Console;

namespace Auditor.Cli.Commands;

/// <summary><c>auditor explain</c>: the page of one rule on the terminal.</summary>
internal static class ExplainCommand
{
    public static Command Create()
    {
        var id = new Argument<string>("rule") { Description = "the rule's id, such as CON001" };
        var command = new Command("explain", "Explain a rule: what, why it matters, how to fix, when it does not apply") { id };
        command.SetAction(parsed =>
        {
            Explain(parsed.GetValue(id)!);
            return ExitCodes.Clean;
        });
        return command;
    }

    private static void Explain(string id)
    {
        var rule = RuleCatalog.All.Find(id) ?? throw new UsageException(DidYouMean(id));
        var console = Answers.Out;
        console.MarkupLine($"[bold]{rule.Id} {Markup.Escape(rule.Title)}[/]  {Answers.Paint(rule.Severity)}{rule.Severity.ToString().ToUpperInvariant()}[/]");
        Section("What", rule.What);
        Section("Why it matters", rule.WhyItMatters);
        Section("How to fix", rule.Remediation);
        Code("gcloud", rule.Gcloud);
        Code("Terraform", rule.Terraform);
        Section("When it does not apply", rule.DoesNotApply);
        if (!rule.Knobs.IsEmpty)
        {
            Section("Knobs", string.Join('\n', rule.Knobs.Select(knob => $"{RuleOptions.VariableOf(knob.Key)} (default {knob.Default}; {knob.Range}): {knob.Meaning}")));
        }

        if (!rule.Controls.IsEmpty)
        {
            Section("Controls", string.Join('\n', rule.Controls.Select(control => $"{control.Standard} {control.Control} ({(control.Published ? "published" : "proposal")})")));
        }

        Section("References", string.Join('\n', rule.References));

        void Section(string title, string text)
        {
            console.WriteLine();
            console.MarkupLine($"[bold]{title}[/]");
            Wrapped.Write(console, "", 2, text.Split('\n'));
        }

        void Code(string title, string text)
        {
            console.WriteLine();
            console.MarkupLine($"  [grey]{title}[/]");
            foreach (var line in text.Trim().Split('\n'))
            {
                // Commands are copied: never wrapped, never padded.
                console.Profile.Out.Writer.WriteLine($"    {line}");
            }
        }
    }

    private static string DidYouMean(string id)
    {
        var near = NameSearch.Near(id.ToUpperInvariant(), RuleCatalog.All.Infos.Select(rule => rule.Id));
        return $"there is no rule '{id}'{(near.Count > 0 ? $"; did you mean {string.Join(" or ", near)}?" : "; 'auditor rules' lists them.")}";
    }
}
