namespace Federation.Silo.Observing;

/// <summary>Health, for service managers, balancers and people.</summary>
internal static class HealthRoutes
{
    private const string Ready = "ready";

    public static void AddHealth(this IServiceCollection services) => services.AddHealthChecks()
        .AddCheck<ClusterHealth>("cluster", tags: [Ready])
        .AddCheck<DatabaseHealth>("database", tags: [Ready])
        // The service works on without these, on what it knows.
        .AddCheck<SiteFilesHealth>("site files")
        .AddCheck<FeedsHealth>("price feeds");

    /// <summary>Open to all: they tell what is up and what is down, and not why.</summary>
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapHealthChecks("/health/live", new() { Predicate = _ => false }).AllowAnonymous();
        app.MapHealthChecks("/health/ready", new() { Predicate = check => check.Tags.Contains(Ready) }).AllowAnonymous();
        app.MapHealthChecks("/health/dependencies", new()
        {
            ResponseWriter = (context, report) => context.Response.WriteAsJsonAsync(
                report.Entries.ToDictionary(entry => entry.Key, entry => entry.Value.Status.ToString().ToLowerInvariant())),
        }).AllowAnonymous();
    }
}
