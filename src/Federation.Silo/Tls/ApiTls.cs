using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
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
            https.ClientCertificateMode = asksClients ? ClientCertificateMode.RequireCertificate : ClientCertificateMode.NoCertificate;
            https.ClientCertificateValidation = (shown, _, _) => IsGood(shown, refused);
        });
    }

    private bool IsGood(X509Certificate2 shown, RefusedConnections refused)
    {
        var reason = peers.ReasonAgainst(shown, CertificateRole.Client, CertificateRole.Silo);
        if (reason is not null)
        {
            refused.Tell(Door, "an address that the handshake does not tell", reason);
        }

        return reason is null;
    }

    private static async Task RefusePlaintext(ConnectionContext connection, ConnectionDelegate next, RefusedConnections refused)
    {
        var first = await connection.Transport.Input.ReadAsync(connection.ConnectionClosed);
        if (!first.Buffer.IsEmpty && first.Buffer.FirstSpan[0] != TlsHandshake)
        {
            refused.Tell(Door, $"{connection.RemoteEndPoint}", "it did not speak TLS");
            connection.Abort();
            return;
        }

        // Looked at, not taken.
        connection.Transport.Input.AdvanceTo(first.Buffer.Start);
        await next(connection);
    }
}
