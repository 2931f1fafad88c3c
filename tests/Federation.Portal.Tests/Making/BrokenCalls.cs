namespace Federation.Portal.Tests.Making;

/// <summary>Has calls of one method of grains fail with a fault that is no outage.</summary>
internal sealed class BrokenCalls : IIncomingGrainCallFilter
{
    private volatile string? method;

    /// <summary>The method that fails from now on, as <c>IOverviewGrain.Sites</c>; null: none.</summary>
    public string? Method
    {
        get => method;
        set => method = value;
    }

    /// <inheritdoc/>
    public Task Invoke(IIncomingGrainCallContext context) =>
        $"{context.InterfaceMethod.DeclaringType?.Name}.{context.InterfaceMethod.Name}" == method ? throw new InvalidOperationException("a fault that is no outage") : context.Invoke();
}
