using CloudNative.CloudEvents;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Google.Cloud.Functions.Framework;

/// <summary>Serves a CloudEvent function over HTTP.</summary>
internal sealed class CloudEventAdapter(ICloudEventFunction function, CloudEventFormatter formatter, ILogger<CloudEventAdapter> logger)
    : IHttpFunction
{
    public Task HandleAsync(HttpContext context) =>
        HandleAsync(context, formatter, logger, function.HandleAsync);

    /// <summary>Answers 400 with one sentence when the request is no event; what the function throws passes through.</summary>
    internal static async Task HandleAsync(
        HttpContext context, CloudEventFormatter formatter, ILogger logger, Func<CloudEvent, CancellationToken, Task> function)
    {
        CloudEvent cloudEvent;
        try
        {
            cloudEvent = await CloudEventReader.ReadAsync(context.Request, formatter, logger);
        }
        catch (ConversionException e)
        {
            logger.LogError("Request refused: {Reason}", e.Message);
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            context.Response.ContentType = "text/plain; charset=utf-8";
            await context.Response.WriteAsync(e.Message, context.RequestAborted);
            return;
        }

        await function(cloudEvent, context.RequestAborted);
    }
}
