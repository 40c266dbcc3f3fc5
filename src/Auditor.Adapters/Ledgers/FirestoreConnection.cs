using Auditor.Adapters.Google;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;

namespace Auditor.Adapters.Ledgers;

/// <summary>How Firestore is reached: at Google with the Application Default Credentials, or an emulator without any.</summary>
internal static class FirestoreConnection
{
    /// <summary>The variable that names the emulator, as all of Google's tools spell it.</summary>
    public const string EmulatorHost = "FIRESTORE_EMULATOR_HOST";

    private const string Scope = "https://www.googleapis.com/auth/datastore";

    /// <summary>What is wrong with <see cref="EmulatorHost"/>; null when nothing is.</summary>
    public static string? Problem(string? emulatorHost) => string.IsNullOrEmpty(emulatorHost) || AddressOf(emulatorHost) is not null
        ? null
        : $"{EmulatorHost} is '{emulatorHost}'; HOST:PORT is wanted, such as 127.0.0.1:8081.";

    /// <param name="emulatorHost">HOST:PORT of an emulator; null or empty for Google.</param>
    /// <exception cref="LedgerDamagedException">The host is not understood.</exception>
    public static GrpcChannel Open(string? emulatorHost)
    {
        if (Problem(emulatorHost) is { } problem)
        {
            throw new LedgerDamagedException(problem);
        }

        HttpMessageHandler sockets = new SocketsHttpHandler { EnableMultipleHttp2Connections = true, ConnectTimeout = TimeSpan.FromSeconds(10), PooledConnectionLifetime = TimeSpan.FromMinutes(30) };
        return string.IsNullOrEmpty(emulatorHost)
            ? GrpcChannel.ForAddress("https://firestore.googleapis.com", new GrpcChannelOptions { HttpHandler = new CredentialHandler(Scope) { InnerHandler = sockets }, DisposeHttpClient = true })
            : GrpcChannel.ForAddress(AddressOf(emulatorHost)!, new GrpcChannelOptions { HttpHandler = sockets, DisposeHttpClient = true });
    }

    /// <summary>Calls with the headers that a database wants; those of an emulator take its owner's word for it.</summary>
    public static CallInvoker InvokerOf(GrpcChannel channel, FirestoreAddress address) => channel.CreateCallInvoker().Intercept(headers =>
    {
        headers.Add("google-cloud-resource-prefix", address.DatabasePath);
        headers.Add("x-goog-request-params", $"project_id={Uri.EscapeDataString(address.Project)}&database_id={Uri.EscapeDataString(address.Database)}");
        if (channel.Target != "firestore.googleapis.com:443")
        {
            headers.Add("authorization", "Bearer owner");
        }

        return headers;
    });

    private static Uri? AddressOf(string host) => Uri.TryCreate($"http://{host}", UriKind.Absolute, out var address) && host.Contains(':', StringComparison.Ordinal) && address.PathAndQuery == "/" ? address : null;
}
