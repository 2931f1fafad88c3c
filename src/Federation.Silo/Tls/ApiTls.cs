using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Federation.Client.Connecting;
using Federation.Credentials;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Federation.Silo.Tls;

/// <summary>TLS for the API, with clients' certificates where they are asked for. Plaintext is refused.</summary>
internal sealed class ApiTls(X509Certificate2 own, PeerCertificates peers, bool asksClients)
{
    private const string Door = "api";
    private const byte TlsHandshake = 22;

    public void Configure(KestrelServerOptions kestrel)
    {
        var refused = kestrel.ApplicationServices.GetRequiredService<RefusedConnections>();
        // Before TLS itself, which tells nobody who could not speak it.
        kestrel.ConfigureEndpointDefaults(listen => listen.Use(next => connection => RefusePlaintext(connection, next, refused)));
        kestrel.ConfigureHttpsDefaults(https =>
        {
            https.ServerCertificate = own;
            https.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
            https.HandshakeTimeout = MutualTls.LongestHandshake;
            // Kestrel itself asks for none: its check does not tell from which address one came, nor that none was shown.
            https.ClientCertificateMode = ClientCertificateMode.NoCertificate;
            https.OnAuthenticate = (connection, handshake) =>
            {
                handshake.ClientCertificateRequired = asksClients;
                handshake.RemoteCertificateValidationCallback = (_, shown, _, _) => !asksClients || IsGood(shown, connection, refused);
            };
        });
    }

    private bool IsGood(X509Certificate? shown, ConnectionContext connection, RefusedConnections refused)
    {
        var reason = peers.ReasonAgainst(shown, CertificateRole.Client, CertificateRole.Silo);
        if (reason is not null)
        {
            refused.Tell(Door, connection.RemoteEndPoint, reason);
        }

        return reason is null;
    }

    private static async Task RefusePlaintext(ConnectionContext connection, ConnectionDelegate next, RefusedConnections refused)
    {
        if (await FirstByte(connection) is not (null or TlsHandshake))
        {
            refused.Tell(Door, connection.RemoteEndPoint, "it did not speak TLS");
            connection.Abort();
            return;
        }

        await next(connection);
    }

    // Null: it was closed before it said anything, or did not say anything in time; what comes next sees that for itself.
    private static async Task<byte?> FirstByte(ConnectionContext connection)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(connection.ConnectionClosed);
        late.CancelAfter(MutualTls.LongestHandshake);
        try
        {
            var first = await connection.Transport.Input.ReadAsync(late.Token);
            byte? said = first.Buffer.IsEmpty ? null : first.Buffer.FirstSpan[0];
            // Looked at, not taken.
            connection.Transport.Input.AdvanceTo(first.Buffer.Start);
            return said;
        }
        catch (OperationCanceledException)
        {
            connection.Abort();
            return null;
        }
    }
}
