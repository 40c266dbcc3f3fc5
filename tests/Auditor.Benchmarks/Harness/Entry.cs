using Auditor.Changes;

namespace Auditor.Benchmarks.Harness;

/// <summary>Reads entries that are known to tell a change.</summary>
internal static class Entry
{
    public static AuditEvent EventOf(byte[] entry) =>
        AuditEventReader.Read(entry) is [AuditReading.Understood { Event: var audited }] ? audited : throw new InvalidOperationException("The simulator's entry is not understood.");

    public static Change ChangeOf(byte[] entry) =>
        ChangeDecoder.Decode(EventOf(entry)) is ChangeDecoding.Decoded { Change: var change } ? change : throw new InvalidOperationException("The simulator's entry tells no change.");
}
