using Federation.Contracts;

namespace Federation.Portal.Tests.Making;

/// <summary>Has calls of grains fail: with a fault that is no outage, or as calls to a site do that has no silo; or has them wait.</summary>
internal sealed class BrokenCalls : IIncomingGrainCallFilter
{
    /// <summary>All that pages ask for.</summary>
    public const string Everything = "everything";

    private volatile string? method;
    private volatile TaskCompletionSource? held;

    /// <summary>The method that fails from now on, as <c>IOverviewGrain.Sites</c>, or <see cref="Everything"/>; null: none.</summary>
    public string? Method
    {
        get => method;
        set => method = value;
    }

    /// <summary>The site that is away; null: none is.</summary>
    public string? Away { get; set; }

    /// <summary>Has all that pages ask for wait, until what is given is disposed of.</summary>
    public IDisposable Hold()
    {
        var hold = new Holding(this);
        held = hold.End;
        return hold;
    }

    /// <inheritdoc/>
    public async Task Invoke(IIncomingGrainCallContext context)
    {
        var (grain, name) = (context.InterfaceMethod.DeclaringType, $"{context.InterfaceMethod.DeclaringType?.Name}.{context.InterfaceMethod.Name}");
        var isOfPages = grain == typeof(IOverviewGrain) || name == $"{nameof(IPlanGrain)}.{nameof(IPlanGrain.Get)}";
        if (isOfPages && held is { } hold)
        {
            await hold.Task;
        }

        if (name == method || (isOfPages && method == Everything))
        {
            throw new InvalidOperationException("a fault that is no outage");
        }

        if (Away is { } site && grain == typeof(ISiteGrain) && context.TargetId.Key.ToString() == site)
        {
            throw new SiteOfflineException(new(site));
        }

        await context.Invoke();
    }

    private sealed class Holding(BrokenCalls calls) : IDisposable
    {
        public TaskCompletionSource End { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Dispose()
        {
            calls.held = null;
            End.SetResult();
        }
    }
}
