using System.Net;
using Federation.Silo.Settings;
using Orleans.Configuration;

namespace Federation.Silo.Hosting;

/// <summary>Where a silo listens, and how it tells that another one is dead. docs/federation.md says what each figure is for.</summary>
internal static class ClusterNetwork
{
    public static void Configure(ISiloBuilder silo, ServiceOptions options)
    {
        var address = IPAddress.Parse(options.Address);
        silo.Configure<EndpointOptions>(endpoint =>
        {
            endpoint.AdvertisedIPAddress = address;
            endpoint.SiloPort = options.SiloPort;
            endpoint.GatewayPort = options.GatewayPort;
            endpoint.SiloListeningEndpoint = new(address, options.SiloPort);
            endpoint.GatewayListeningEndpoint = options.GatewayPort > 0 ? new(address, options.GatewayPort) : null;
        });
        silo.Configure<ClusterMembershipOptions>(membership => Apply(options.Network, membership));
    }

    private static void Apply(NetworkKind network, ClusterMembershipOptions membership)
    {
        var lan = network == NetworkKind.Lan;
        membership.ProbeTimeout = TimeSpan.FromSeconds(lan ? 1 : 3);
        membership.MaxProbeTimeout = TimeSpan.FromSeconds(lan ? 1.5 : 6);
        membership.NumMissedProbesLimit = lan ? 2 : 3;
        membership.NumVotesForDeathDeclaration = 2;
        membership.TableRefreshTimeout = TimeSpan.FromSeconds(lan ? 2 : 15);
        membership.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(lan ? 10 : 30);
    }
}
