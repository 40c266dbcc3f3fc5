namespace Auditor.Rules;

/// <summary>The families of rules: the three letters, the words for people, and the folder of the code.</summary>
public static class Families
{
    /// <summary>Letters, words, folder and namespace.</summary>
    public static IReadOnlyList<(string Letters, string Name, string Folder)> All { get; } =
    [
        ("CON", "connector", "Connectors"),
        ("EGR", "attachment and egress mode", "Egress"),
        ("DVE", "Direct VPC egress", "DirectVpc"),
        ("FWL", "firewall around the connector", "Firewalls"),
        ("NAT", "NAT and internet egress", "Nat"),
        ("RTE", "routes and Private Google Access", "Routes"),
        ("TGT", "targets", "Targets"),
        ("ISO", "isolation", "Isolation"),
        ("ORG", "organisation policy", "OrganizationPolicy"),
        ("OBS", "logging and detection", "Observability"),
        ("CHG", "changes and deployments", "Changes"),
        ("CST", "cost and hygiene", "Cost"),
        ("SYS", "the auditor's own health", "Health"),
    ];

    /// <summary>The words for a family's letters.</summary>
    public static string NameOf(string letters) => All.First(family => family.Letters == letters).Name;
}
