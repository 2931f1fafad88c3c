using Federation.Contracts;

namespace Federation.Portal.Tests.Making;

/// <summary>Has calls of one method of grains fail: with a fault that is no outage, or as calls to a site do that has no silo.</summary>
internal sealed class BrokenCalls : IIncomingGrainCallFilter
{
    private volatile string? method;

    /// <summary>The method that fails from now on, as <c>IOverviewGrain.Sites</c>; null: none.</summary>
    public string? Method
    {
        get => method;
        set => method = value;
    }

    /// <summary>The site that is away; null: none is.</summary>
    public string? Away { get; set; }

    /// <inheritdoc/>
    public Task Invoke(IIncomingGrainCallContext context) =>
        $"{context.InterfaceMethod.DeclaringType?.Name}.{context.InterfaceMethod.Name}" == method ? throw new InvalidOperationException("a fault that is no outage")
        : Away is { } site && context.InterfaceMethod.DeclaringType == typeof(ISiteGrain) && context.TargetId.Key.ToString() == site ? throw new SiteOfflineException(new(site))
        : context.Invoke();
}
