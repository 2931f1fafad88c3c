using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;

namespace Federation.Grains.Access;

/// <summary>Makes a silo look at every call.</summary>
public static class GrainAccessHosting
{
    /// <summary>Adds both filters, and tells what comes through the gateway from what silos say. Needs an <see cref="ICallerTokens"/> and an audit log.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="key">The secret of the federation's silos.</param>
    public static ISiloBuilder UseGrainAccess(this ISiloBuilder silo, ServiceKey key)
    {
        silo.Services.AddSingleton(key);
        silo.AddIncomingGrainCallFilter<GrainAccess>();
        silo.AddOutgoingGrainCallFilter<CallProofs>();
        return silo.Configure<SiloConnectionOptions>(connections => connections.ConfigureGatewayInboundConnection(builder => builder.Use(next => async connection =>
        {
            GatewayFlow.IsHere = true;
            await next(connection);
        })));
    }
}
