using Federation.Domain.Access;
using Federation.Silo.Settings;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Federation.Silo.Observing;

/// <summary>Adds traces and metrics (OpenTelemetry).</summary>
internal static class TelemetryHosting
{
    private const int MostSeries = 300;
    private static readonly string[] Meters = [ServiceMetrics.MeterName, "Microsoft.Orleans", "Npgsql"];
    private static readonly string[] Sources = ["Microsoft.Orleans.Runtime", "Microsoft.Orleans.Application", "Npgsql"];

    /// <summary>
    /// Metrics are there to be scraped, unless <c>Federation:Telemetry:Metrics</c> is false; metrics and traces go to a collector as well if the
    /// settings name one (<c>Federation:Telemetry:Otlp</c>).
    /// </summary>
    public static void AddTelemetry(this WebApplicationBuilder builder, ServiceOptions options)
    {
        var collector = builder.Configuration["Federation:Telemetry:Otlp"] is { Length: > 0 } address ? new Uri(address) : null;
        var counts = builder.Configuration.GetValue("Federation:Telemetry:Metrics", true);
        builder.Services.AddSingleton<ServiceMetrics>();
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("federation-silo", serviceInstanceId: options.Site.Length > 0 ? options.Site : "embedded"))
            .WithMetrics(metrics =>
            {
                metrics.AddPrometheusExporter();
                if (!counts)
                {
                    return;
                }

                // Room for so many series is taken for each instrument at once: with the library's 2,000 some tens of megabytes for nothing.
                metrics.AddView(_ => new MetricStreamConfiguration { CardinalityLimit = MostSeries });
                metrics.AddAspNetCoreInstrumentation().AddHttpClientInstrumentation().AddRuntimeInstrumentation().AddMeter(Meters);
                if (collector is not null)
                {
                    metrics.AddOtlpExporter(otlp => otlp.Endpoint = collector);
                }
            })
            .WithTracing(traces =>
            {
                if (collector is not null)
                {
                    // Without anybody to send them to, nobody makes them.
                    traces.AddAspNetCoreInstrumentation().AddHttpClientInstrumentation().AddSource(Sources).AddOtlpExporter(otlp => otlp.Endpoint = collector);
                }
            });
    }

    /// <summary>The endpoint that Prometheus scrapes, with an auditor's token.</summary>
    public static void MapMetrics(this IEndpointRouteBuilder app) =>
        app.MapPrometheusScrapingEndpoint("/metrics").WithName("GetMetrics").WithMetadata(new AccessRule([Role.Auditor]));
}
