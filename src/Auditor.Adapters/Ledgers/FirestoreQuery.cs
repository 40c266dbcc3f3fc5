using Google.Cloud.Firestore.V1;
using static Google.Cloud.Firestore.V1.StructuredQuery.Types;
using CompositeOperator = Google.Cloud.Firestore.V1.StructuredQuery.Types.CompositeFilter.Types.Operator;
using FieldOperator = Google.Cloud.Firestore.V1.StructuredQuery.Types.FieldFilter.Types.Operator;

namespace Auditor.Adapters.Ledgers;

/// <summary>The shape of a query: everything that decides which index it needs, and nothing else. Documents that are alike in all of it come by id.</summary>
internal sealed record FirestoreQuery(string Collection, ValueList<FirestoreFilter> Filters, ValueList<string> OrderBy)
{
    // How Firestore calls a document's name in a query; every index ends with it.
    private const string Id = "__name__";

    /// <summary>The fields, all ascending, of the composite index it needs; empty where the automatic indexes of single fields do.</summary>
    public ValueList<string> Index
    {
        get
        {
            string[] fields =
            [
                .. Filters.Where(filter => !filter.IsRange).Select(filter => filter.Field).Order(StringComparer.Ordinal),
                .. OrderBy,
                .. Filters.Where(filter => filter.IsRange && !OrderBy.Contains(filter.Field)).Select(filter => filter.Field),
            ];
            return fields.Length > 1 ? fields.ToValueList() : [];
        }
    }

    /// <summary>The query with the values of its filters, in their order.</summary>
    /// <param name="limit">The most documents; null for all.</param>
    public StructuredQuery With(int? limit, params ReadOnlySpan<Value> values)
    {
        var query = new StructuredQuery { From = { new CollectionSelector { CollectionId = Collection } }, Limit = limit };
        var filters = new CompositeFilter { Op = CompositeOperator.And };
        for (var i = 0; i < Filters.Count; i++)
        {
            filters.Filters.Add(new Filter { FieldFilter = new FieldFilter { Field = Named(Filters[i].Field), Op = Filters[i].Operator, Value = values[i] } });
        }

        query.Where = filters.Filters.Count switch
        {
            0 => null,
            1 => filters.Filters[0],
            _ => new Filter { CompositeFilter = filters },
        };
        query.OrderBy.AddRange(OrderBy.Select(field => new Order { Field = Named(field), Direction = Direction.Ascending }));
        return query;
    }

    /// <summary>The shape of a query that is sent.</summary>
    public static FirestoreQuery Of(StructuredQuery query)
    {
        IEnumerable<Filter> filters = query.Where switch
        {
            null => [],
            { CompositeFilter: { } composite } => composite.Filters,
            var single => [single],
        };
        return new FirestoreQuery(
            query.From.Single().CollectionId,
            filters.Select(filter => new FirestoreFilter(filter.FieldFilter.Field.FieldPath, filter.FieldFilter.Op)).ToValueList(),
            query.OrderBy.Select(order => order.Field.FieldPath).Where(field => field != Id).ToValueList());
    }

    /// <summary>The page of a query that comes after a document; null for the first page.</summary>
    public static StructuredQuery Page(StructuredQuery query, string? afterName, int limit)
    {
        var page = query.Clone();
        page.Limit = limit;
        page.OrderBy.Add(new Order { Field = Named(Id), Direction = Direction.Ascending });
        page.StartAt = afterName is null ? null : new Cursor { Values = { new Value { ReferenceValue = afterName } } };
        return page;
    }

    private static FieldReference Named(string field) => new() { FieldPath = field };
}

/// <summary>A comparison of a field with a value.</summary>
internal sealed record FirestoreFilter(string Field, FieldOperator Operator)
{
    /// <summary>Whether it takes an interval of values; otherwise single ones.</summary>
    public bool IsRange => Operator is not (FieldOperator.Equal or FieldOperator.In);
}
