using Federation.Contracts.Access;

namespace Federation.Grains.Access;

/// <summary>Says with each call that leaves a grain or the API of this silo who makes it.</summary>
/// <remarks>
/// Calls of grains and of Orleans itself are the service's. Calls of the API are made for whom <see cref="CallOrigin"/> names; where nobody is
/// named, nothing is said, and grains refuse. A program behind a gateway, which can be called by its observers, gets to see neither proof nor token.
/// </remarks>
public sealed class CallProofs(ServiceKey key) : IOutgoingGrainCallFilter
{
    /// <inheritdoc/>
    public Task Invoke(IOutgoingGrainCallContext context)
    {
        // What is set here ends with the invocation of all filters, and so is not seen by what the caller does next.
        if (OriginOf(context) is { } origin)
        {
            RequestContext.Set(ServiceProof.Key, new ServiceProof(key, context.TargetId, ServiceProof.MethodOf(context), origin));
        }
        else if (RequestContext.Get(ServiceProof.Key) is not null)
        {
            RequestContext.Remove(ServiceProof.Key);
        }

        // It was for the grain that was called with it. Only what runs beside the grains in this process, as the portal's pages do, begins a call with one.
        if (context.TargetId.IsClient() || IsOfGrain(context) || CallOrigin.Current is not null)
        {
            CallerToken.Current = null;
        }

        return context.Invoke();
    }

    private static CallOrigin? OriginOf(IOutgoingGrainCallContext context) =>
        context.TargetId.IsClient() ? null
        : IsOfGrain(context) ? CallOrigin.Service
        : GrainRule.IsOurs(context.InterfaceMethod) ? CallOrigin.Current
        : CallOrigin.Service;

    private static bool IsOfGrain(IOutgoingGrainCallContext context) => context.SourceId is { } source && !source.IsClient();
}
