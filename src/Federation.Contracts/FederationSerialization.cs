using Federation.Domain.Identity;
using Federation.Domain.Json;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Serialization.Cloning;

namespace Federation.Contracts;

/// <summary>How domain types cross the wire: as <see cref="DomainJson"/>, so that Domain need not know Orleans.</summary>
public static class FederationSerialization
{
    /// <summary>Makes a silo or a client carry every type of the domain.</summary>
    public static IServiceCollection AddFederationSerialization(this IServiceCollection services) => services
        .AddSerializer(builder => builder.AddJsonSerializer(
            IsOfDomain,
            isCopyable: _ => false,
            codec => codec.Configure(options => options.SerializerOptions = DomainJson.Options)))
        .AddSingleton<IGeneralizedCopier, DomainCopier>()
        // While a silo dies, Orleans answers with what Polly gave up on. What cannot be carried would reach the caller as a bug, not as an outage.
        .Configure<ExceptionSerializationOptions>(exceptions => exceptions.SupportedNamespacePrefixes.Add("Polly"));

    private static bool IsOfDomain(Type type) => type.Assembly == typeof(VmId).Assembly;

    // Nothing of the domain can be changed once it is made, so within a process both sides may have the same one. A copy was written as JSON and
    // read again: for an application's view of ten sites some hundred kilobytes of text.
    private sealed class DomainCopier : IGeneralizedCopier, IOptionalDeepCopier
    {
        public bool IsSupportedType(Type type) => IsOfDomain(type);

        public bool IsShallowCopyable() => true;

        public object? DeepCopy(object? input, CopyContext context) => input;
    }
}
