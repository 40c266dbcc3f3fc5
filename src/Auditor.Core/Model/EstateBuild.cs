using System.Collections.Immutable;

namespace Auditor.Model;

/// <summary>What an <see cref="EstateBuilder"/> made of its documents.</summary>
/// <param name="Counts">Resources in the estate, per kind that occurs, in the order of kinds.</param>
/// <param name="NotModelled">What was seen and left out: asset types, API kinds or name shapes, with their number, sorted.</param>
/// <param name="Problems">What could not be understood, sorted; each that concerns a resource is a gap of the estate too.</param>
/// <param name="Json">Trimmed canonical JSON per resource, when the builder was asked to keep it; otherwise empty.</param>
public sealed record EstateBuild(
    Estate Estate,
    ValueList<KindCount> Counts,
    ValueList<TypeCount> NotModelled,
    ValueList<EstateProblem> Problems,
    ImmutableSortedDictionary<ResourceName, byte[]> Json);

/// <summary>How many resources of a kind there are.</summary>
public sealed record KindCount(ResourceKind Kind, int Count);

/// <summary>How many objects of a type were seen and left out.</summary>
public sealed record TypeCount(string Type, int Count);

/// <summary>Something in the input that could not be understood.</summary>
/// <param name="Source">Where it stands, such as a file name.</param>
/// <param name="Resource">The resource it concerns; null when not even that is known.</param>
/// <param name="Message">Field, what was found, what was wanted; a sentence without full stop.</param>
public sealed record EstateProblem(string Source, ResourceName? Resource, string Message);

/// <summary>What one document added.</summary>
/// <param name="Resources">Resources of modelled kinds, understood or not.</param>
/// <param name="NotModelled">Objects of other kinds.</param>
public sealed record AddedDocument(int Resources, int NotModelled);
