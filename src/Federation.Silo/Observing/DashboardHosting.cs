using Federation.Domain.Access;
using Federation.Silo.Settings;
using Orleans.Configuration;
using Orleans.Dashboard;

namespace Federation.Silo.Observing;

/// <summary>Orleans' own dashboard, where <c>Federation:Dashboard</c> is true: silos, grains, and how often which of their methods is called.</summary>
internal static class DashboardHosting
{
    /// <summary>Where it is.</summary>
    public const string Path = "/dashboard";

    // The first calls methods of any grain by their names, as one grain calls another; the second is the log. Nobody has asked for either.
    private static readonly string[] Closed = [$"{Path}/GrainState", $"{Path}/Trace"];

    /// <summary>Makes a silo count for the dashboard, or leaves no trace of it.</summary>
    public static void UseDashboard(this ISiloBuilder silo, ServiceOptions options)
    {
        if (options.Dashboard)
        {
            silo.AddDashboard(dashboard => dashboard.HideTrace = true);
        }
        else
        {
            // A silo offers all grains of the assemblies that it has: these would fail here.
            silo.Configure<GrainTypeOptions>(types => types.Classes.RemoveWhere(type => type.Assembly == typeof(DashboardOptions).Assembly));
        }
    }

    /// <summary>Its pages and what they show, for auditors and administrators of the federation.</summary>
    public static void MapDashboard(this IEndpointRouteBuilder app, ServiceOptions options)
    {
        if (!options.Dashboard)
        {
            return;
        }

        var routes = app.MapOrleansDashboard(Path).ExcludeFromDescription();
        ((IEndpointConventionBuilder)routes).Add(endpoint =>
        {
            var pattern = ((RouteEndpointBuilder)endpoint).RoutePattern.RawText!;
            endpoint.Metadata.Add(new EndpointNameMetadata($"Dashboard{pattern[Path.Length..].Split('{')[0]}"));
            if (!Closed.Contains(pattern))
            {
                endpoint.Metadata.Add(new AccessRule([Role.Auditor]));
            }
        });
    }
}
