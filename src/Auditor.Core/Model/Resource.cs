namespace Auditor.Model;

/// <summary>
/// One resource as Google last described it, reduced to what the auditor judges. Two are equal exactly when everything modelled is equal.
/// </summary>
public abstract record Resource(ResourceName Name)
{
    /// <summary>Whose it is; null for organisation-level resources.</summary>
    public string? Project => Name.Project;

    /// <summary>Every other resource this one names. The estate indexes them, so that "all firewall rules of a network" is a lookup.</summary>
    public virtual IEnumerable<ResourceName> References => [];

    /// <summary>What is happening to it, in Google's word (READY, RUNNABLE, ...), for kinds whose states last for a time; null elsewhere.</summary>
    public virtual string? Lifecycle => null;
}
