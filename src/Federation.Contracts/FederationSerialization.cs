using Federation.Domain.Identity;
using Federation.Domain.Json;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace Federation.Contracts;

/// <summary>How domain types cross the wire: as <see cref="DomainJson"/>, so that Domain need not know Orleans.</summary>
public static class FederationSerialization
{
    /// <summary>Makes a silo or a client carry every type of the domain.</summary>
    public static IServiceCollection AddFederationSerialization(this IServiceCollection services) => services
        .AddSerializer(builder => builder.AddJsonSerializer(
            type => type.Assembly == typeof(VmId).Assembly,
            DomainJson.Options))
        // While a silo dies, Orleans answers with what Polly gave up on. What cannot be carried would reach the caller as a bug, not as an outage.
        .Configure<ExceptionSerializationOptions>(exceptions => exceptions.SupportedNamespacePrefixes.Add("Polly"));
}
