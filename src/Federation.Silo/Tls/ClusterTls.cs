using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
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
        connections.ConfigureGatewayInboundConnection(builder => Serve(builder, "gateway", CertificateRole.Client, CertificateRole.Silo));
        connections.ConfigureSiloOutboundConnection(builder => builder.Use(next => connection => Run(connection, next, Call)));
    });

    /// <summary>For a program that comes by a gateway, whose own certificate is of the role client or silo.</summary>
    public void Configure(IClientBuilder client) => client.Configure<ClientConnectionOptions>(connections =>
        connections.ConfigureConnection(builder => builder.Use(next => connection => Run(connection, next, Call))));

    private void Serve(IConnectionBuilder builder, string door, params CertificateRole[] roles)
    {
        var services = builder.ApplicationServices;
        builder.Use(next => async connection =>
        {
            var reason = "it did not speak TLS";
            try
            {
                await Run(connection, next, (stream, late) => stream.AuthenticateAsServerAsync(
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

    // By role, not by name: a silo is wherever the membership table says.
    private Task Call(SslStream stream, CancellationToken late) => stream.AuthenticateAsClientAsync(
        new SslClientAuthenticationOptions
        {
            TargetHost = "silo",
            ClientCertificates = [own],
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            RemoteCertificateValidationCallback = (_, shown, _, _) => peers.ReasonAgainst(shown, CertificateRole.Silo) is null,
        },
        late);

    private static async Task Run(ConnectionContext connection, ConnectionDelegate next, Func<SslStream, CancellationToken, Task> shakeHands)
    {
        var plain = connection.Transport;
        await using var stream = new SslStream(new PipeStream(plain));
        using (var late = new CancellationTokenSource(HandshakeTime.Longest))
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

/// <summary>Both directions of a connection as one stream, as <see cref="System.Net.Security.SslStream"/> wants it.</summary>
internal sealed class PipeStream(IDuplexPipe pipe) : Stream
{
    private readonly Stream input = pipe.Input.AsStream(leaveOpen: true);
    private readonly Stream output = pipe.Output.AsStream(leaveOpen: true);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => input.ReadAsync(buffer, cancellationToken);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        output.WriteAsync(buffer, cancellationToken);

    public override Task FlushAsync(CancellationToken cancellationToken) => output.FlushAsync(cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => input.Read(buffer, offset, count);

    public override void Write(byte[] buffer, int offset, int count) => output.Write(buffer, offset, count);

    public override void Flush() => output.Flush();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
