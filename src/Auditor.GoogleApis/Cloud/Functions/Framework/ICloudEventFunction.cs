using CloudNative.CloudEvents;

namespace Google.Cloud.Functions.Framework;

/// <summary>A function that receives a CloudEvent with undecoded data.</summary>
public interface ICloudEventFunction
{
    Task HandleAsync(CloudEvent cloudEvent, CancellationToken cancellationToken);
}
