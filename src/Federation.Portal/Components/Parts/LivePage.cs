using Federation.Contracts.Access;
using Federation.Portal.Sessions;
using Federation.Portal.Watching;
using Microsoft.AspNetCore.Components;

namespace Federation.Portal.Components.Parts;

/// <summary>A page that asks anew when something has happened, and no more often than once a second.</summary>
public abstract class LivePage : ComponentBase, IDisposable
{
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource over = new();
    private readonly SemaphoreSlim news = new(0, 1);

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

    /// <summary>Whether what is shown becomes different without an event: then it is asked for once a second.</summary>
    protected virtual bool ChangesByItself => false;

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

    /// <summary>Another page of the same kind is wanted.</summary>
    protected override void OnParametersSet() => Wake();

    /// <summary>Asks for what the page shows.</summary>
    protected abstract Task Load(CancellationToken cancel);

    /// <summary>Has the page ask anew soon.</summary>
    protected void Wake()
    {
        try
        {
            news.Release();
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
                await Task.Delay(Rest, Clock, over.Token);
                await news.WaitAsync(over.Token);
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
            if (ChangesByItself)
            {
                Wake();
            }
        }
        catch (AccessDeniedException)
        {
            IsDenied = true;
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            // What was shown stays, and is said to be old.
            Feed.Tell(fault);
            Wake();
        }

        StateHasChanged();
    }
}
