using System.Net;
using Federation.Client.Connecting;
using Federation.Contracts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace Federation.Silo.Tests.Making;

/// <summary>Programs that use Orleans themselves and connect to a silo's gateway.</summary>
internal static class GatewayClient
{
    /// <summary>A client with a certificate; null: one that knows nothing of TLS.</summary>
    public static async Task<IHost> Connect(this TestCertificates certificates, int gateway, string? certificate, CancellationToken patience)
    {
        var host = new HostBuilder().ConfigureLogging(logging => logging.ClearProviders()).UseOrleansClient(client =>
        {
            client.UseStaticClustering(new IPEndPoint(IPAddress.Loopback, gateway));
            client.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = ("federation", "federation"));
            client.Services.AddFederationSerialization();
            if (certificate is not null)
            {
                MutualTls.Configure(client, certificates.Read(certificate), certificates.Peers);
            }
        }).Build();
        try
        {
            await host.StartAsync(patience);
            return host;
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }
}
