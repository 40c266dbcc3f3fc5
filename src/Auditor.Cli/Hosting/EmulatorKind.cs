namespace Auditor.Cli.Hosting;

/// <summary>An emulator that comes with the gcloud CLI.</summary>
/// <param name="Component">What the gcloud CLI calls it.</param>
/// <param name="Package">Debian's package of it, where the gcloud CLI came as one.</param>
/// <param name="Script">What starts it, below the gcloud CLI's platform folder.</param>
/// <param name="Arguments">What it wants besides host and port.</param>
internal sealed record EmulatorKind(string Name, string Component, string Package, string Script, params string[] Arguments)
{
    public static EmulatorKind Firestore { get; } =
        new("Firestore", "cloud-firestore-emulator", "google-cloud-cli-firestore-emulator", "cloud-firestore-emulator/cloud_firestore_emulator", "start", "--database-mode=firestore-native");

    public static EmulatorKind PubSub { get; } = new("Pub/Sub", "pubsub-emulator", "google-cloud-cli-pubsub-emulator", "pubsub-emulator/bin/cloud-pubsub-emulator");
}
