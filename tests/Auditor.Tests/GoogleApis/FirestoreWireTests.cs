using Google.Cloud.Firestore.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using static Auditor.Tests.GoogleApis.Wire;
using static Google.Cloud.Firestore.V1.StructuredQuery.Types;
using CompositeOperator = Google.Cloud.Firestore.V1.StructuredQuery.Types.CompositeFilter.Types.Operator;
using FieldOperator = Google.Cloud.Firestore.V1.StructuredQuery.Types.FieldFilter.Types.Operator;
using FieldTransform = Google.Cloud.Firestore.V1.DocumentTransform.Types.FieldTransform;
using UnaryOperator = Google.Cloud.Firestore.V1.StructuredQuery.Types.UnaryFilter.Types.Operator;
using Value = Google.Cloud.Firestore.V1.Value;

namespace Auditor.Tests.GoogleApis;

/// <summary>The Firestore messages have Google's field numbers.</summary>
public sealed class FirestoreWireTests
{
    private const string Database = "projects/p/databases/(default)";
    private const string Name = Database + "/documents/heads/main";
    private static readonly Timestamp s_time = new() { Seconds = 1_763_802_905 };

    [Fact]
    public void Values() => AssertDecodes(
        new Document
        {
            Name = Name,
            Fields =
            {
                ["a"] = new Value { BooleanValue = true },
                ["b"] = new Value { IntegerValue = -1 },
                ["c"] = new Value { DoubleValue = 0.5 },
                ["d"] = new Value { ReferenceValue = Name },
                ["e"] = new Value { MapValue = new MapValue { Fields = { ["x"] = new Value { StringValue = "y" } } } },
                ["f"] = new Value { GeoPointValue = new Google.Type.LatLng { Latitude = 1 } },
                ["g"] = new Value { ArrayValue = new ArrayValue { Values = { new Value { IntegerValue = 2 } } } },
                ["h"] = new Value { TimestampValue = s_time },
                ["i"] = new Value { NullValue = NullValue.NullValue },
                ["j"] = new Value { StringValue = "ü" },
                ["k"] = new Value { BytesValue = ByteString.CopyFrom(1, 2) },
            },
            CreateTime = s_time,
            UpdateTime = s_time,
        },
        Text(1, Name),
        Entry(2, "a", Varint(1, 1)),
        Entry(2, "b", Varint(2, -1)),
        Entry(2, "c", Wire.Double(3, 0.5)),
        Entry(2, "d", Text(5, Name)),
        Entry(2, "e", Nested(6, Entry(1, "x", Text(17, "y")))),
        Entry(2, "f", Nested(8, Wire.Double(1, 1))),
        Entry(2, "g", Nested(9, Nested(1, Varint(2, 2)))),
        Entry(2, "h", Seconds(10, s_time.Seconds)),
        Entry(2, "i", Varint(11, 0)),
        Entry(2, "j", Text(17, "ü")),
        Entry(2, "k", Bytes(18, 1, 2)),
        Seconds(3, s_time.Seconds),
        Seconds(4, s_time.Seconds));

    [Fact]
    public void Commit() => AssertDecodes(
        new CommitRequest
        {
            Database = Database,
            Transaction = ByteString.CopyFrom(7),
            Writes =
            {
                new Write
                {
                    Update = new Document { Name = Name },
                    UpdateMask = new DocumentMask { FieldPaths = { "seq" } },
                    CurrentDocument = new Precondition { UpdateTime = s_time },
                    UpdateTransforms =
                    {
                        new FieldTransform { FieldPath = "at", SetToServerValue = FieldTransform.Types.ServerValue.RequestTime },
                        new FieldTransform { FieldPath = "n", Increment = new Value { IntegerValue = 1 } },
                        new FieldTransform { FieldPath = "hi", Maximum = new Value { IntegerValue = 2 } },
                        new FieldTransform { FieldPath = "lo", Minimum = new Value { IntegerValue = 3 } },
                        new FieldTransform { FieldPath = "add", AppendMissingElements = new ArrayValue() },
                        new FieldTransform { FieldPath = "drop", RemoveAllFromArray = new ArrayValue() },
                    },
                },
                new Write { Delete = Name, CurrentDocument = new Precondition { Exists = true } },
                new Write { Transform = new DocumentTransform { Document = Name, FieldTransforms = { new FieldTransform { FieldPath = "n" } } } },
            },
        },
        Text(1, Database),
        Nested(2,
            Nested(1, Text(1, Name)),
            Nested(3, Text(1, "seq")),
            Nested(4, Seconds(2, s_time.Seconds)),
            Nested(7, Text(1, "at"), Varint(2, 1)),
            Nested(7, Text(1, "n"), Nested(3, Varint(2, 1))),
            Nested(7, Text(1, "hi"), Nested(4, Varint(2, 2))),
            Nested(7, Text(1, "lo"), Nested(5, Varint(2, 3))),
            Nested(7, Text(1, "add"), Nested(6)),
            Nested(7, Text(1, "drop"), Nested(7))),
        Nested(2, Text(2, Name), Nested(4, Varint(1, 1))),
        Nested(2, Nested(6, Text(1, Name), Nested(2, Text(1, "n")))),
        Bytes(3, 7));

    [Fact]
    public void CommitAnswer() => AssertDecodes(
        new CommitResponse
        {
            WriteResults = { new WriteResult { UpdateTime = s_time, TransformResults = { new Value { IntegerValue = 5 } } } },
            CommitTime = s_time,
        },
        Nested(1, Seconds(1, s_time.Seconds), Nested(2, Varint(2, 5))),
        Seconds(2, s_time.Seconds));

    [Fact]
    public void BatchWrite()
    {
        AssertDecodes(
            new BatchWriteRequest { Database = Database, Writes = { new Write { Delete = Name } }, Labels = { ["a"] = "b" } },
            Text(1, Database), Nested(2, Text(2, Name)), Entry(3, "a", "b"));
        AssertDecodes(
            new BatchWriteResponse { WriteResults = { new WriteResult() }, Status = { new Google.Rpc.Status { Code = 10, Message = "busy" } } },
            Nested(1), Nested(2, Varint(1, 10), Text(2, "busy")));
    }

    [Fact]
    public void Reads()
    {
        AssertDecodes(
            new GetDocumentRequest { Name = Name, Mask = new DocumentMask { FieldPaths = { "a" } }, ReadTime = s_time },
            Text(1, Name), Nested(2, Text(1, "a")), Seconds(5, s_time.Seconds));
        AssertDecodes(new GetDocumentRequest { Transaction = ByteString.CopyFrom(1) }, Bytes(3, 1));
        AssertDecodes(
            new BatchGetDocumentsRequest { Database = Database, Documents = { Name }, Mask = new DocumentMask(), Transaction = ByteString.CopyFrom(1) },
            Text(1, Database), Text(2, Name), Nested(3), Bytes(4, 1));
        AssertDecodes(
            new BatchGetDocumentsRequest
            {
                NewTransaction = new TransactionOptions { ReadOnly = new TransactionOptions.Types.ReadOnly { ReadTime = s_time } },
            },
            Nested(5, Nested(2, Seconds(2, s_time.Seconds))));
        AssertDecodes(new BatchGetDocumentsRequest { ReadTime = s_time }, Seconds(7, s_time.Seconds));
        AssertDecodes(
            new BatchGetDocumentsResponse { Found = new Document { Name = Name }, ReadTime = s_time },
            Nested(1, Text(1, Name)), Seconds(4, s_time.Seconds));
        AssertDecodes(
            new BatchGetDocumentsResponse { Missing = Name, Transaction = ByteString.CopyFrom(2) }, Text(2, Name), Bytes(3, 2));
    }

    [Fact]
    public void Transactions()
    {
        AssertDecodes(
            new BeginTransactionRequest
            {
                Database = Database,
                Options = new TransactionOptions { ReadWrite = new TransactionOptions.Types.ReadWrite { RetryTransaction = ByteString.CopyFrom(3) } },
            },
            Text(1, Database), Nested(2, Nested(3, Bytes(1, 3))));
        AssertDecodes(new BeginTransactionResponse { Transaction = ByteString.CopyFrom(4) }, Bytes(1, 4));
        AssertDecodes(new RollbackRequest { Database = Database, Transaction = ByteString.CopyFrom(4) }, Text(1, Database), Bytes(2, 4));
    }

    [Fact]
    public void Query() => AssertDecodes(
        new RunQueryRequest
        {
            Parent = Database + "/documents",
            ReadTime = s_time,
            StructuredQuery = new StructuredQuery
            {
                Select = new Projection { Fields = { new FieldReference { FieldPath = "__name__" } } },
                From = { new CollectionSelector { CollectionId = "findings", AllDescendants = true } },
                Where = new Filter
                {
                    CompositeFilter = new CompositeFilter
                    {
                        Op = CompositeOperator.Or,
                        Filters =
                        {
                            new Filter { FieldFilter = new FieldFilter { Field = new FieldReference { FieldPath = "a" }, Op = FieldOperator.NotIn, Value = new Value { IntegerValue = 1 } } },
                            new Filter { UnaryFilter = new UnaryFilter { Op = UnaryOperator.IsNotNull, Field = new FieldReference { FieldPath = "b" } } },
                        },
                    },
                },
                OrderBy = { new Order { Field = new FieldReference { FieldPath = "a" }, Direction = Direction.Descending } },
                Limit = 9,
                Offset = 8,
                StartAt = new Cursor { Values = { new Value { IntegerValue = 6 } }, Before = true },
                EndAt = new Cursor(),
            },
        },
        Text(1, Database + "/documents"),
        Nested(2,
            Nested(1, Nested(2, Text(2, "__name__"))),
            Nested(2, Text(2, "findings"), Varint(3, 1)),
            Nested(3, Nested(1,
                Varint(1, 2),
                Nested(2, Nested(2, Nested(1, Text(2, "a")), Varint(2, 10), Nested(3, Varint(2, 1)))),
                Nested(2, Nested(3, Varint(1, 5), Nested(2, Text(2, "b")))))),
            Nested(4, Nested(1, Text(2, "a")), Varint(2, 2)),
            Nested(5, Varint(1, 9)),
            Varint(6, 8),
            Nested(7, Nested(1, Varint(2, 6)), Varint(2, 1)),
            Nested(8)),
        Seconds(7, s_time.Seconds));

    [Theory]
    [InlineData(FieldOperator.LessThan, 1)]
    [InlineData(FieldOperator.LessThanOrEqual, 2)]
    [InlineData(FieldOperator.GreaterThan, 3)]
    [InlineData(FieldOperator.GreaterThanOrEqual, 4)]
    [InlineData(FieldOperator.Equal, 5)]
    [InlineData(FieldOperator.NotEqual, 6)]
    [InlineData(FieldOperator.ArrayContains, 7)]
    [InlineData(FieldOperator.In, 8)]
    [InlineData(FieldOperator.ArrayContainsAny, 9)]
    public void FieldOperators(FieldOperator op, int number) => Assert.Equal(number, (int)op);

    [Fact]
    public void QueryAnswer() => AssertDecodes(
        new RunQueryResponse { Document = new Document { Name = Name }, Transaction = ByteString.CopyFrom(1), ReadTime = s_time, SkippedResults = 2, Done = true },
        Nested(1, Text(1, Name)), Bytes(2, 1), Seconds(3, s_time.Seconds), Varint(4, 2), Varint(6, 1));

    [Fact]
    public void Aggregation()
    {
        AssertDecodes(
            new RunAggregationQueryRequest
            {
                Parent = Database,
                StructuredAggregationQuery = new StructuredAggregationQuery
                {
                    StructuredQuery = new StructuredQuery { Offset = 1 },
                    Aggregations =
                    {
                        new StructuredAggregationQuery.Types.Aggregation { Count = new() { UpTo = 10 }, Alias = "n" },
                        new StructuredAggregationQuery.Types.Aggregation { Sum = new() { Field = new FieldReference { FieldPath = "a" } } },
                        new StructuredAggregationQuery.Types.Aggregation { Avg = new() },
                    },
                },
                ReadTime = s_time,
            },
            Text(1, Database),
            Nested(2,
                Nested(1, Varint(6, 1)),
                Nested(3, Nested(1, Nested(1, Varint(1, 10))), Text(7, "n")),
                Nested(3, Nested(2, Nested(1, Text(2, "a")))),
                Nested(3, Nested(3))),
            Seconds(6, s_time.Seconds));
        AssertDecodes(
            new RunAggregationQueryResponse
            {
                Result = new AggregationResult { AggregateFields = { ["n"] = new Value { IntegerValue = 4 } } },
                Transaction = ByteString.CopyFrom(1),
                ReadTime = s_time,
            },
            Nested(1, Entry(2, "n", Varint(2, 4))), Bytes(2, 1), Seconds(3, s_time.Seconds));
    }

    private static void AssertDecodes<T>(T expected, params byte[][] fields) where T : IMessage<T>, new() =>
        Assert.Equal(expected, new MessageParser<T>(() => new T()).ParseFrom(Message(fields)));
}
