using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Federation.Client.Connecting;
using Federation.Contracts;
using Federation.Credentials;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Runtime.Messaging;

namespace Federation.Client;

/// <summary>A connection to a federation, which many users share: each call goes with the token of the one whom it is made for.</summary>
/// <remarks>Safe for use by several threads. A gateway that goes away is replaced by another one, or waited for; calls fail meanwhile, see <see cref="IsOutage"/>.</remarks>
public sealed class FederationClient : IAsyncDisposable
{
    private readonly IGrainFactory grains;
    private readonly TimeProvider clock;
    private readonly IHost? connection;

    private FederationClient(IGrainFactory grains, TimeProvider clock, IHost? connection) => (this.grains, this.clock, this.connection) = (grains, clock, connection);

    /// <summary>Connects by gateways; returns once one has answered.</summary>
    /// <param name="options">Where the silos are.</param>
    /// <param name="clock">The clock; null: the machine's.</param>
    /// <param name="cancel">Gives it up; otherwise it is tried for as long as nobody answers.</param>
    /// <exception cref="ArgumentException">No gateway is named, one is not <c>HOST:PORT</c>, or only some of the files of certificates are.</exception>
    /// <exception cref="IOException">A file of a certificate cannot be read, or a host's name has no address.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">A file holds no certificate or no key.</exception>
    public static async Task<FederationClient> Connect(FederationClientOptions options, TimeProvider? clock = null, CancellationToken cancel = default)
    {
        var gateways = await Task.WhenAll(options.Gateways.Select(gateway => EndPointOf(gateway, cancel)));
        if (gateways.Length == 0)
        {
            throw new ArgumentException("no gateway is named: give HOST:PORT of at least one silo", nameof(options));
        }

        var host = new HostBuilder().UseOrleansClient(client =>
        {
            client.UseStaticClustering(gateways);
            client.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = ("federation", "federation"));
            client.Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = options.ResponseTimeout);
            client.Services.AddFederationSerialization();
            client.Services.AddSingleton<IHostLifetime, LeavesSignals>();
            // A gateway that is away is tried again until whoever connects gives it up.
            client.UseConnectionRetryFilter(async (_, late) =>
            {
                await Task.Delay(TimeSpan.FromSeconds(1), clock ?? TimeProvider.System, late);
                return true;
            });
            Encrypt(client, options);
        }).Build();
        try
        {
            await host.StartAsync(cancel);
        }
        catch
        {
            host.Dispose();
            throw;
        }

        return new(host.Services.GetRequiredService<IGrainFactory>(), clock ?? TimeProvider.System, host);
    }

    /// <summary>Uses a connection that the program has already: its own Orleans client, or the silo that it runs in.</summary>
    /// <param name="grains">Finds grains; its serializers are those of <see cref="FederationSerialization"/>.</param>
    /// <param name="clock">The clock.</param>
    public static FederationClient Over(IGrainFactory grains, TimeProvider clock) => new(grains, clock, null);

    /// <summary>All that the holder of a token can see and do. The token is not looked at here: each grain does, at each call.</summary>
    /// <param name="token">A token of the built-in issuer, or of one that the silos trust.</param>
    public FederationSession As(string token) => new(grains, clock, () => token);

    /// <summary>As the other, for a token that is replaced before it ends.</summary>
    /// <param name="token">Tells the token of the moment, once for each call; any thread may ask.</param>
    public FederationSession As(Func<string> token) => new(grains, clock, token);

    /// <summary>Whether a call failed because nobody answers for now, and not because of what was asked: ask again later. What was ordered may have been done.</summary>
    public static bool IsOutage(Exception fault) =>
        SiteOfflineException.Explains(fault) || fault is ConnectionFailedException or ClientNotAvailableException or TimeoutException or SocketException;

    /// <summary>Ends the connection, if <see cref="Connect"/> made it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (connection is not null)
        {
            await connection.StopAsync();
            connection.Dispose();
        }
    }

    private static void Encrypt(IClientBuilder client, FederationClientOptions options)
    {
        switch (options)
        {
            case { Authority: { } authority, Certificate: { } certificate, Key: { } key }:
                MutualTls.Configure(
                    client, X509Certificate2.CreateFromPemFile(certificate, key), new PeerCertificates(X509CertificateLoader.LoadCertificateFromFile(authority)));
                break;
            case { Authority: null, Certificate: null, Key: null }:
                break;
            default:
                throw new ArgumentException("Authority, Certificate and Key are three files of one kind: name all of them, or none", nameof(options));
        }
    }

    private static async Task<IPEndPoint> EndPointOf(string gateway, CancellationToken cancel)
    {
        if (gateway.LastIndexOf(':') is not (> 0 and var colon) || !ushort.TryParse(gateway[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port))
        {
            throw new ArgumentException($"gateway '{gateway}' is not HOST:PORT", nameof(gateway));
        }

        var host = gateway[..colon].Trim('[', ']');
        try
        {
            return new(IPAddress.TryParse(host, out var address) ? address : (await Dns.GetHostAddressesAsync(host, cancel))[0], port);
        }
        catch (SocketException fault)
        {
            throw new IOException($"gateway '{gateway}': {host} has no address ({fault.Message})", fault);
        }
    }
}
