using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using Auditor.Adapters.Google;
using Auditor.Ledger;
using Google.Cloud.Firestore.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Auditor.Adapters.Ledgers;

/// <summary>
/// Reads and writes of one ledger's documents. What may pass is tried again, for seconds; what remains is an exception whose message is one
/// sentence that names the ledger.
/// </summary>
internal sealed class FirestoreStore(CallInvoker invoker, FirestoreAddress address, FirestoreLimits limits, TimeProvider time)
{
    private const int MaxTries = 8;
    private const int NamesPerCall = 300;
    private const int DocumentsPerPage = 500;
    private static readonly TimeSpan s_firstDelay = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan s_longestDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(60);

    private readonly Firestore.FirestoreClient _client = new(invoker);

    public FirestoreAddress Address => address;

    public FirestoreLimits Limits => limits;

    public string NameOf(string collection, string id) => $"{address.Root}/{collection}/{id}";

    /// <summary>A document of this ledger, without fields.</summary>
    public Document Document(string collection, string id) => new() { Name = NameOf(collection, id) };

    /// <summary>Those of the documents that exist, by name.</summary>
    /// <param name="fields">The fields wanted; none for all.</param>
    public async Task<Dictionary<string, Document>> GetAsync(IEnumerable<string> names, CancellationToken cancellationToken, params string[] fields)
    {
        var found = new Dictionary<string, Document>(StringComparer.Ordinal);
        foreach (var some in names.Distinct(StringComparer.Ordinal).Chunk(NamesPerCall))
        {
            foreach (var answer in await ReadAsync(some, fields, null, cancellationToken))
            {
                if (answer.Found is { } document)
                {
                    found[document.Name] = document;
                }
            }
        }

        return found;
    }

    /// <summary>One document, null when there is none, and the time at which that was so.</summary>
    /// <param name="readAt">Shows it as it was then; null for now.</param>
    public async Task<(Document? Document, Timestamp ReadAt)> GetAsync(string collection, string id, Timestamp? readAt, CancellationToken cancellationToken)
    {
        var answer = (await ReadAsync([NameOf(collection, id)], [], readAt, cancellationToken)).Single(answer => answer.ResultCase != BatchGetDocumentsResponse.ResultOneofCase.None);
        return (answer.Found, answer.ReadTime);
    }

    /// <summary>The documents of a query.</summary>
    /// <param name="readAt">Shows them as they were then; null for now.</param>
    public async Task<List<Document>> QueryAsync(StructuredQuery query, Timestamp? readAt, CancellationToken cancellationToken)
    {
        var request = new RunQueryRequest { Parent = address.Root, StructuredQuery = query };
        if (readAt is not null)
        {
            request.ReadTime = readAt;
        }

        var answers = await ReadAsync(options => _client.RunQuery(request, options).ResponseStream, cancellationToken);
        return [.. answers.Select(answer => answer.Document).Where(document => document is not null)];
    }

    /// <summary>All documents of a query without order, by id and in pages: however many they are, no call takes long.</summary>
    public async Task<List<Document>> QueryAllAsync(StructuredQuery query, Timestamp readAt, CancellationToken cancellationToken)
    {
        var documents = new List<Document>();
        List<Document> page;
        do
        {
            page = await QueryAsync(FirestoreQuery.Page(query, documents.LastOrDefault()?.Name, DocumentsPerPage), readAt, cancellationToken);
            documents.AddRange(page);
        }
        while (page.Count == DocumentsPerPage);

        return documents;
    }

    /// <summary>How many documents a query has.</summary>
    public async Task<long> CountAsync(StructuredQuery query, Timestamp? readAt, CancellationToken cancellationToken)
    {
        var request = new RunAggregationQueryRequest
        {
            Parent = address.Root,
            StructuredAggregationQuery = new StructuredAggregationQuery
            {
                StructuredQuery = query,
                Aggregations = { new StructuredAggregationQuery.Types.Aggregation { Alias = "count", Count = new StructuredAggregationQuery.Types.Aggregation.Types.Count() } },
            },
        };
        if (readAt is not null)
        {
            request.ReadTime = readAt;
        }

        var answers = await ReadAsync(options => _client.RunAggregationQuery(request, options).ResponseStream, cancellationToken);
        return answers.Where(answer => answer.Result is not null).Sum(answer => answer.Result.AggregateFields["count"].IntegerValue);
    }

    /// <summary>Writes all or nothing, once.</summary>
    public async Task<FirestoreOutcome> TryCommitAsync(IEnumerable<Write> writes, CancellationToken cancellationToken)
    {
        var request = new CommitRequest { Database = address.DatabasePath, Writes = { writes } };
        try
        {
            var response = await _client.CommitAsync(request, Options(cancellationToken));
            return new FirestoreOutcome.Done([.. response.WriteResults.Select(result => result.UpdateTime)]);
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.FailedPrecondition or StatusCode.AlreadyExists or StatusCode.NotFound)
        {
            return new FirestoreOutcome.Refused(e);
        }
        catch (RpcException e) when (MayPass(e))
        {
            return new FirestoreOutcome.Disturbed(e);
        }
        catch (RpcException e)
        {
            throw Explain(e, cancellationToken);
        }
    }

    /// <summary>Writes all or nothing; for writes that may be repeated.</summary>
    public Task CommitAsync(IReadOnlyCollection<Write> writes, CancellationToken cancellationToken) => RepeatAsync(async () => (await TryCommitAsync(writes, cancellationToken), true), cancellationToken);

    /// <summary>
    /// Reads, decides and writes, again from the start as long as another writer was faster. An attempt that wrote nothing since there was nothing
    /// to write gives no outcome.
    /// </summary>
    /// <exception cref="LedgerConflictException">Others were faster every time.</exception>
    public async Task<T> RepeatAsync<T>(Func<Task<(FirestoreOutcome? Outcome, T Result)>> attempt, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            var (outcome, result) = await attempt();
            if (outcome is null or FirestoreOutcome.Done)
            {
                return result;
            }

            var why = outcome switch { FirestoreOutcome.Refused refused => refused.Why, FirestoreOutcome.Disturbed disturbed => disturbed.Why, _ => null };
            if (tries == MaxTries)
            {
                throw why is { StatusCode: not (StatusCode.Aborted or StatusCode.FailedPrecondition or StatusCode.AlreadyExists) }
                    ? Explain(why, cancellationToken)
                    : new LedgerConflictException(string.Create(CultureInfo.InvariantCulture, $"Other writers of the ledger {address} were faster {MaxTries} times; it may be free the next time."), why!);
            }

            await DelayAsync(tries, cancellationToken);
        }
    }

    /// <summary>Says in one sentence what a call failed of.</summary>
    public Exception Explain(RpcException e, CancellationToken cancellationToken) =>
        e.StatusCode == StatusCode.Cancelled && cancellationToken.IsCancellationRequested ? new OperationCanceledException(e.Message, e, cancellationToken)
        : new LedgerDamagedException($"The ledger {address} cannot be read or written ({Reason(e)}).", e);

    private Task<List<BatchGetDocumentsResponse>> ReadAsync(IEnumerable<string> names, string[] fields, Timestamp? readAt, CancellationToken cancellationToken)
    {
        var request = new BatchGetDocumentsRequest { Database = address.DatabasePath, Documents = { names } };
        if (readAt is not null)
        {
            request.ReadTime = readAt;
        }

        if (fields.Length > 0)
        {
            request.Mask = new DocumentMask { FieldPaths = { fields } };
        }

        return ReadAsync(options => _client.BatchGetDocuments(request, options).ResponseStream, cancellationToken);
    }

    private async Task<List<T>> ReadAsync<T>(Func<CallOptions, IAsyncStreamReader<T>> call, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                var stream = call(Options(cancellationToken));
                var answers = new List<T>();
                while (await stream.MoveNext(cancellationToken))
                {
                    answers.Add(stream.Current);
                }

                return answers;
            }
            catch (RpcException e) when (tries == MaxTries || !MayPass(e))
            {
                throw Explain(e, cancellationToken);
            }
            catch (RpcException)
            {
                await DelayAsync(tries, cancellationToken);
            }
        }
    }

    // Deadlines are of the machine's clock, whatever time the ledger lives in.
    private static CallOptions Options(CancellationToken cancellationToken) => new(deadline: (TimeProvider.System.GetUtcNow() + s_timeout).UtcDateTime, cancellationToken: cancellationToken);

    // Doubling, and up to half more by chance, so that writers who met do not meet again.
    private Task DelayAsync(int tries, CancellationToken cancellationToken)
    {
        var delay = s_firstDelay * Math.Pow(2, tries - 1);
        return Task.Delay((delay < s_longestDelay ? delay : s_longestDelay) * (1 + (RandomNumberGenerator.GetInt32(500) / 1000.0)), time, cancellationToken);
    }

    // Source: https://cloud.google.com/firestore/docs/understand-error-codes
    private static bool MayPass(RpcException e) => e.Status.DebugException is not NoCredentialsException
        && e.StatusCode is StatusCode.Aborted or StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Internal or StatusCode.ResourceExhausted or StatusCode.Unknown;

    // The client says "Error connecting to subchannel" and keeps to itself that the connection was refused.
    private static string Reason(RpcException e) => e.Status.DebugException switch
    {
        NoCredentialsException credentials => credentials.Message.TrimEnd('.'),
        SocketException socket => $"{e.StatusCode}: {socket.Message.TrimEnd('.')}",
        _ => $"{e.StatusCode}: {e.Status.Detail.ReplaceLineEndings(" ").TrimEnd('.')}",
    };
}

/// <summary>How an attempt to write ended.</summary>
internal abstract record FirestoreOutcome
{
    private FirestoreOutcome()
    {
    }

    /// <param name="UpdateTimes">Of the documents, in the order of the writes; null for a deletion.</param>
    public sealed record Done(ValueList<Timestamp?> UpdateTimes) : FirestoreOutcome;

    /// <summary>A precondition did not hold; nothing was written.</summary>
    public sealed record Refused(RpcException Why) : FirestoreOutcome;

    /// <summary>It did not come to an end; in rare cases it was written all the same.</summary>
    public sealed record Disturbed(RpcException Why) : FirestoreOutcome;
}
