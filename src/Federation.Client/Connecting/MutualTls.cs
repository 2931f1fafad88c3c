using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Federation.Credentials;
using Microsoft.AspNetCore.Connections;
using Orleans.Configuration;

namespace Federation.Client.Connecting;

/// <summary>TLS with certificates at both ends, under a connection of Orleans.</summary>
internal static class MutualTls
{
    /// <summary>How long whoever connects may take until it has shown who it is: enough for a line round the world that loses packets.</summary>
    public static readonly TimeSpan LongestHandshake = TimeSpan.FromSeconds(10);

    /// <summary>Makes a client encrypt its connections to gateways.</summary>
    /// <param name="client">The client.</param>
    /// <param name="own">What it shows, with its key.</param>
    /// <param name="peers">Tells whether what a gateway shows is good.</param>
    public static void Configure(IClientBuilder client, X509Certificate2 own, PeerCertificates peers) =>
        client.Configure<ClientConnectionOptions>(connections =>
            connections.ConfigureConnection(builder => builder.Use(next => connection => Run(connection, next, (stream, late) => Call(stream, own, peers, late)))));

    /// <summary>Shakes hands as the one that calls. By role, not by name: a silo is wherever the membership table says.</summary>
    public static Task Call(SslStream stream, X509Certificate2 own, PeerCertificates peers, CancellationToken late) => stream.AuthenticateAsClientAsync(
        new SslClientAuthenticationOptions
        {
            TargetHost = "silo",
            ClientCertificates = [own],
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            RemoteCertificateValidationCallback = (_, shown, _, _) => peers.ReasonAgainst(shown, CertificateRole.Silo) is null,
        },
        late);

    /// <summary>Runs a connection inside TLS.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="next">What runs in it.</param>
    /// <param name="shakeHands">Shakes hands; given up after <see cref="LongestHandshake"/>.</param>
    public static async Task Run(ConnectionContext connection, ConnectionDelegate next, Func<SslStream, CancellationToken, Task> shakeHands)
    {
        var plain = connection.Transport;
        await using var stream = new SslStream(new PipeStream(plain));
        using (var late = new CancellationTokenSource(LongestHandshake))
        {
            await shakeHands(stream, late.Token);
        }

        var options = new StreamPipeReaderOptions(leaveOpen: true);
        connection.Transport = new Pipes(PipeReader.Create(stream, options), PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true)));
        try
        {
            await next(connection);
        }
        finally
        {
            connection.Transport = plain;
        }
    }

    private sealed record Pipes(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
