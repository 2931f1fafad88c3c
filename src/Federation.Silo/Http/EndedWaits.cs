using Federation.Silo.Outages;

namespace Federation.Silo.Http;

/// <summary>Ends requests that wait for something (<c>wait=</c>) as this silo stops, which would wait for them for up to their whole time. Whoever asked goes on to another silo.</summary>
/// <param name="next">Answers the request.</param>
/// <param name="lifetime">Says that the silo stops.</param>
internal sealed class EndedWaits(RequestDelegate next, IHostApplicationLifetime lifetime)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (!context.Request.Query.ContainsKey("wait") && context.GetEndpoint()?.Metadata.GetMetadata<MayWait>() is null)
        {
            await next(context);
            return;
        }

        var (gone, stops) = (context.RequestAborted, lifetime.ApplicationStopping);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(gone, stops);
        context.RequestAborted = over.Token;
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (stops.IsCancellationRequested && !gone.IsCancellationRequested && !context.Response.HasStarted)
        {
            context.RequestAborted = gone;
            await OutageProblems.Of(context, OutageKind.Silo).ExecuteAsync(context);
        }
    }
}

/// <summary>Marks a route whose requests may wait for something without <c>wait=</c>.</summary>
internal sealed record MayWait;
