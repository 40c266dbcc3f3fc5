using Auditor.Findings;
using Auditor.Model;

namespace Auditor.Rules;

/// <summary>
/// A pure judgement on one subject: the same estate gives the same verdicts. A rule reads the estate only through the view, never a clock,
/// and reports only on its subject. Found by the catalog; nothing registers it.
/// </summary>
public abstract class StateRule
{
    /// <summary>What the rule is, why it matters and how to fix what it finds.</summary>
    public abstract RuleInfo Info { get; }

    /// <summary>Whether the rule judges this resource at all.</summary>
    public abstract bool Judges(Resource subject);

    /// <summary>The verdicts on one subject: at least one, discriminators distinct.</summary>
    public abstract IEnumerable<Verdict> Evaluate(Resource subject, EstateView view, RuleOptions options);

    protected static Verdict Pass() => new Verdict.Passed();

    protected static Verdict Fail(string because, string? fix = null, Severity? severity = null, string discriminator = "") =>
        new Verdict.Failed(because) { Fix = fix, Severity = severity, Discriminator = discriminator };

    protected static Verdict DoesNotApply(string because) => new Verdict.NotApplicable(because);

    protected static Verdict Unknown(string missing, string discriminator = "") => new Verdict.Unknown(missing) { Discriminator = discriminator };
}

/// <summary>A state rule on subjects of one type.</summary>
/// <typeparam name="T">A kind's record, or <see cref="Workload"/> for all that Google runs.</typeparam>
public abstract class StateRule<T> : StateRule
    where T : Resource
{
    public sealed override bool Judges(Resource subject) => subject is T judged && IsSubject(judged);

    public sealed override IEnumerable<Verdict> Evaluate(Resource subject, EstateView view, RuleOptions options) => Evaluate((T)subject, view, options);

    /// <summary>Narrows the subjects within the type; must depend on the subject alone.</summary>
    protected virtual bool IsSubject(T subject) => true;

    protected abstract IEnumerable<Verdict> Evaluate(T subject, EstateView view, RuleOptions options);
}
