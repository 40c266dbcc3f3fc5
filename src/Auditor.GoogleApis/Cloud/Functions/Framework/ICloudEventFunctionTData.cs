using CloudNative.CloudEvents;

namespace Google.Cloud.Functions.Framework;

/// <summary>A function that receives a CloudEvent with its data decoded. The data is null when the event has none.</summary>
public interface ICloudEventFunction<in TData> where TData : class
{
    Task HandleAsync(CloudEvent cloudEvent, TData data, CancellationToken cancellationToken);
}
