using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Federation.Client.Connecting;
using Federation.Credentials;
using Microsoft.AspNetCore.Connections;
using Orleans.Configuration;

namespace Federation.Silo.Tls;

/// <summary>Mutual TLS between silos, and for programs that come by a gateway. All that knows how Orleans connects is in this file.</summary>
/// <param name="own">What is shown to the other end, with its key.</param>
/// <param name="peers">Tells whether what the other end shows is good.</param>
public sealed class ClusterTls(X509Certificate2 own, PeerCertificates peers)
{
    /// <summary>For a silo, whose own certificate is of the role silo.</summary>
    public void Configure(ISiloBuilder silo) => silo.Configure<SiloConnectionOptions>(connections =>
    {
        connections.ConfigureSiloInboundConnection(builder => Serve(builder, "silo", CertificateRole.Silo));
        connections.ConfigureGatewayInboundConnection(builder => Serve(builder, "gateway", CertificateRole.Client, CertificateRole.Portal, CertificateRole.Silo));
        connections.ConfigureSiloOutboundConnection(builder => builder.Use(next => connection =>
            MutualTls.Run(connection, next, (stream, late) => MutualTls.Call(stream, own, peers, late))));
    });

    private void Serve(IConnectionBuilder builder, string door, params CertificateRole[] roles)
    {
        var services = builder.ApplicationServices;
        builder.Use(next => async connection =>
        {
            var reason = "it did not speak TLS";
            try
            {
                await MutualTls.Run(connection, next, (stream, late) => stream.AuthenticateAsServerAsync(
                    new SslServerAuthenticationOptions
                    {
                        ServerCertificate = own,
                        ClientCertificateRequired = true,
                        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                        RemoteCertificateValidationCallback = (_, shown, _, _) => (reason = peers.ReasonAgainst(shown, roles)) is null,
                    },
                    late));
            }
            catch (Exception fault) when (fault is AuthenticationException or IOException or OperationCanceledException && reason is not null)
            {
                services.GetRequiredService<RefusedConnections>().Tell(door, connection.RemoteEndPoint, reason);
                connection.Abort();
            }
        });
    }
}
