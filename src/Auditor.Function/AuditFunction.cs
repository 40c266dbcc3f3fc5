using Auditor.Changes;
using Auditor.Ledger;
using Auditor.Model;
using CloudNative.CloudEvents;
using Google.Cloud.Functions.Framework;
using Google.Events.Protobuf.Cloud.PubSub.V1;
using Microsoft.Extensions.Logging;

namespace Auditor.Function;

/// <summary>
/// The door: one Pub/Sub message with one log entry comes in. It is acknowledged once it is durable; whoever holds the lease then drains the
/// inbox and sends what is owed.
/// </summary>
public sealed class AuditFunction(AuditRun run, ILogger<AuditFunction> logger) : ICloudEventFunction<MessagePublishedData>
{
    public async Task HandleAsync(CloudEvent cloudEvent, MessagePublishedData data, CancellationToken cancellationToken)
    {
        if (data?.Message?.Data is not { IsEmpty: false } entry)
        {
            throw new NotUnderstoodException("the message has no data; a LogEntry in JSON, base64 encoded, was expected under message.data");
        }

        var readings = AuditEventReader.Read(entry.Span);
        var taken = false;
        foreach (var reading in readings)
        {
            taken |= reading switch
            {
                AuditReading.Understood { Event: var auditEvent } => await TakeAsync(cloudEvent, auditEvent, cancellationToken),
                AuditReading.Irrelevant { Reason: var reason } => LetGo(cloudEvent, reason),
                _ => false,
            };
        }

        if (taken)
        {
            await DrainAsync(cancellationToken);
        }

        if (readings.OfType<AuditReading.NotUnderstood>().FirstOrDefault() is { } bad)
        {
            throw new NotUnderstoodException(bad.ToString());
        }
    }

    private async Task<bool> TakeAsync(CloudEvent cloudEvent, AuditEvent auditEvent, CancellationToken cancellationToken)
    {
        switch (await run.TakeAsync(auditEvent, cancellationToken))
        {
            case Intake.Taken { Change: var change }:
                logger.LogInformation("Event {EventId} is in the inbox: {Method} by {Principal}.", cloudEvent.Id, change.MethodName, change.Principal);
                return true;
            case Intake.Repeated:
                // Whoever took it may have died before it was handled.
                LetGo(cloudEvent, "it was taken before");
                return true;
            case Intake.Irrelevant { Reason: var reason }:
                return LetGo(cloudEvent, reason);
            default:
                return false;
        }
    }

    // The event is durable: what fails from here on is tried again by the next event or the scheduler, not by redelivery.
    private async Task DrainAsync(CancellationToken cancellationToken)
    {
        try
        {
            await run.DrainAsync(cancellationToken);
            await run.DispatchAsync(cancellationToken);
        }
        catch (LedgerConflictException e)
        {
            logger.LogInformation("Another instance goes on with the inbox: {Reason}", e.Message);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            logger.LogError(e, "The inbox could not be drained; the events stay in it.");
        }
    }

    private bool LetGo(CloudEvent cloudEvent, string reason)
    {
        logger.LogInformation("Event {EventId} changes nothing: {Reason}.", cloudEvent.Id, reason);
        return false;
    }
}
