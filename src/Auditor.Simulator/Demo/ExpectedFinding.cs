namespace Auditor.Simulator.Demo;

/// <summary>A finding that the demo's author expects, written by hand and not taken from any rule.</summary>
/// <param name="Resource">Full resource name.</param>
/// <param name="Discriminator">Tells findings of one rule on one resource apart; empty when there is one at most.</param>
/// <param name="Because">The whole sentence after "because".</param>
public sealed record ExpectedFinding(string RuleId, string Resource, string Discriminator, string Because);
