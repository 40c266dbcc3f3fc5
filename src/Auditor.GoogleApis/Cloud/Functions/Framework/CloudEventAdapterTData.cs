using CloudNative.CloudEvents;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Google.Cloud.Functions.Framework;

/// <summary>Serves a CloudEvent function with decoded data over HTTP.</summary>
internal sealed class CloudEventAdapter<TData>(
    ICloudEventFunction<TData> function, CloudEventFormatter formatter, ILogger<CloudEventAdapter<TData>> logger)
    : IHttpFunction where TData : class
{
    public Task HandleAsync(HttpContext context) =>
        CloudEventAdapter.HandleAsync(context, formatter, logger, (cloudEvent, cancellationToken) =>
            function.HandleAsync(cloudEvent, (TData)cloudEvent.Data!, cancellationToken));
}
