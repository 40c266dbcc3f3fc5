using System.Net;
using System.Text;

namespace Auditor.Tests.Adapters.GoogleReading;

/// <summary>Google's APIs as a table of exact requests and answers. A POST stands there as "POST", its address and its body; any other method fails the test, and so does a request that is not in the table, unless a default is set.</summary>
internal sealed class FakeGoogle : HttpMessageHandler
{
    private readonly Dictionary<string, Queue<Func<HttpResponseMessage>>> _answers = new(StringComparer.Ordinal);
    private readonly List<string> _asked = [];
    private int _underWay;

    /// <summary>Every request in the order of arrival: host, path and query.</summary>
    public IReadOnlyList<string> Asked => _asked;

    /// <summary>The most requests that were under way at one time.</summary>
    public int MostAtOnce { get; private set; }

    /// <summary>The answer to whatever is not in the table; null fails the test.</summary>
    public (int Status, string Body)? Default { get; set; }

    /// <summary>Adds the next answer to a request; the last one is given again and again.</summary>
    public FakeGoogle Answer(string request, string body, int status = 200, Action<HttpResponseMessage>? change = null) => Answer(request, () =>
    {
        var response = new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        change?.Invoke(response);
        return response;
    });

    public FakeGoogle Answer(string request, Func<HttpResponseMessage> response)
    {
        if (!_answers.TryGetValue(request, out var queue))
        {
            _answers[request] = queue = new Queue<Func<HttpResponseMessage>>();
        }

        queue.Enqueue(response);
        return this;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Assert.True(request.Method == HttpMethod.Get ? request.Content is null : request.Method == HttpMethod.Post);
        var body = request.Content is { } content ? await content.ReadAsStringAsync(cancellationToken) : null;
        Func<HttpResponseMessage> response;
        lock (_asked)
        {
            var asked = $"{(body is null ? "" : "POST ")}{request.RequestUri!.Host}{request.RequestUri.PathAndQuery}{(body is null ? "" : $" {body}")}";
            _asked.Add(asked);
            MostAtOnce = Math.Max(MostAtOnce, ++_underWay);
            response = _answers.TryGetValue(asked, out var queue) ? queue.Count > 1 ? queue.Dequeue() : queue.Peek()
                : Default is { } other ? () => new HttpResponseMessage((HttpStatusCode)other.Status) { Content = new StringContent(other.Body) }
                : throw new InvalidOperationException($"Nobody expected GET {asked}.");
        }

        await Task.Yield();
        lock (_asked)
        {
            _underWay--;
        }

        cancellationToken.ThrowIfCancellationRequested();
        return response();
    }
}
