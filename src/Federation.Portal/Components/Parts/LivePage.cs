using Federation.Contracts.Access;
using Federation.Portal.Sessions;
using Federation.Portal.Watching;
using Microsoft.AspNetCore.Components;

namespace Federation.Portal.Components.Parts;

/// <summary>A page that asks anew when something has happened, and no more often than once a second.</summary>
public abstract class LivePage : ComponentBase, IDisposable
{
    /// <summary>The least time from one asking to the next, unless somebody wants to see something else.</summary>
    protected static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource over = new();
    private readonly SemaphoreSlim news = new(0, 1);
    private readonly SemaphoreSlim wanted = new(0, 1);
    private bool isBegun;

    /// <summary>Whose page it is.</summary>
    [CascadingParameter]
    protected PortalSession Session { get; set; } = null!;

    /// <summary>What happens.</summary>
    [Inject]
    protected LiveFeed Feed { get; set; } = null!;

    /// <summary>The clock.</summary>
    [Inject]
    protected TimeProvider Clock { get; set; } = null!;

    /// <summary>Whether what the page shows is not for the viewer.</summary>
    protected bool IsDenied { get; private set; }

    /// <summary>Whether it was asked for once, and there was an answer.</summary>
    protected bool IsLoaded { get; private set; }

    /// <summary>How long what is shown stays as it is without an event; then it is asked for all the same.</summary>
    protected virtual TimeSpan Lasts => Timeout.InfiniteTimeSpan;

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends asking.</summary>
    protected virtual void Dispose(bool disposing)
    {
        Feed.Changed -= Wake;
        over.Cancel();
    }

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        Feed.Changed += Wake;
        _ = KeepUp();
    }

    /// <summary>Another page of the same kind is wanted, at once.</summary>
    protected override void OnParametersSet()
    {
        if (isBegun)
        {
            Release(wanted);
            Wake();
        }

        isBegun = true;
    }

    /// <summary>Asks for what the page shows.</summary>
    protected abstract Task Load(CancellationToken cancel);

    /// <summary>Has the page ask anew soon.</summary>
    protected void Wake() => Release(news);

    private static void Release(SemaphoreSlim signal)
    {
        try
        {
            signal.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is awake already.
        }
    }

    private async Task KeepUp()
    {
        try
        {
            while (!over.IsCancellationRequested)
            {
                await InvokeAsync(Ask);
                await wanted.WaitAsync(Rest, over.Token);
                await news.WaitAsync(Lasts, over.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The page was left.
        }
    }

    private async Task Ask()
    {
        try
        {
            await Load(over.Token);
            (IsLoaded, IsDenied) = (true, false);
            Feed.Tell(null);
        }
        catch (AccessDeniedException)
        {
            IsDenied = true;
        }
        catch (Exception fault) when (!over.IsCancellationRequested)
        {
            // What was shown stays, and is said to be old.
            Feed.Tell(fault);
            Wake();
        }

        StateHasChanged();
    }
}
