using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Auditor.Cli.Hosting;

/// <summary>Listens at the function's door: what it answered first to which Pub/Sub message.</summary>
internal sealed class PushAnswers : IStartupFilter
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<HttpStatusCode>> _answers = new(StringComparer.Ordinal);

    /// <summary>Completes when the message was answered.</summary>
    public Task<HttpStatusCode> ToAsync(string messageId) => Answer(messageId).Task;

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(NoteAsync);
        next(app);
    };

    private async Task NoteAsync(HttpContext http, RequestDelegate next)
    {
        if (http.Request.ContentLength > 0)
        {
            http.Request.EnableBuffering();
            using var push = await JsonDocument.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted);
            http.Request.Body.Position = 0;
            var messageId = push.RootElement.GetProperty("message").GetProperty("messageId").GetString()!;
            http.Response.OnCompleted(() =>
            {
                Answer(messageId).TrySetResult((HttpStatusCode)http.Response.StatusCode);
                return Task.CompletedTask;
            });
        }

        await next(http);
    }

    private TaskCompletionSource<HttpStatusCode> Answer(string messageId) => _answers.GetOrAdd(messageId, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
}
