using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using Federation.Api;
using Federation.Contracts;
using Federation.Domain.Access;
using Federation.Domain.Applications;
using Federation.Domain.Json;
using Federation.Silo.Access;
using Federation.Silo.Http;

namespace Federation.Silo.Api;

/// <summary>Sensors: who may report which VMs, and which VMs those are.</summary>
internal static class SensorRoutes
{
    public static void MapSensors(this IEndpointRouteBuilder v1)
    {
        v1.MapGet("/sensors", List).WithName("ListSensors").Produces<SensorDocument[]>().OpenTo(Role.SiteAdmin, Role.Auditor);
        v1.MapPost("/sensors", Register).WithName("RegisterSensor").Produces<SensorDocument>(201).ProducesProblem(400).ProducesProblem(404)
            .OpenTo(Role.SiteAdmin).WithDescription("Makes a token for one sensor, shown once. A token that it had before is worth nothing any more.");
        v1.MapDelete("/sensors/{sensor}", Remove).WithName("RemoveSensor").Produces(204).ProducesProblem(404)
            .OpenTo(Role.SiteAdmin);
        v1.MapDelete("/sensors", RemoveNamed).WithName("RemoveSensorNamed").Produces(204).ProducesProblem(404)
            .OpenTo(Role.SiteAdmin).WithDescription("As DELETE /v1/sensors/NAME, for a name that an address cannot hold, such as '..'.");
        v1.MapGet("/sensors/self/vms", Vms).WithName("ListVmsOfSensor").Produces<SensorVmsDocument>().Produces(304).ProducesProblem(403)
            .OpenTo(Role.Sensor).WithDescription("The VMs on the host of the sensor whose token is sent.");
    }

    private static async Task<SensorDocument[]> List(IGrainFactory grains) =>
        [.. (await grains.Sensors().List()).Select(record => DocumentOf(record))];

    private static async Task<IResult> Register(SensorRequest request, IGrainFactory grains, HttpContext context)
    {
        if (FaultOf(request) is { } fault)
        {
            return Problems.Bad(fault);
        }

        if (!context.Caller().Administrates(new(request.Site!)))
        {
            return Problems.Forbidden($"only an administrator of {request.Site} makes its sensors known");
        }

        if (await grains.Site(new(request.Site!)).Get() is null)
        {
            return Problems.NotFound("site", request.Site!, Advice.Sites);
        }

        var (token, hash) = SensorTokens.New(request.Sensor!);
        var change = await grains.Sensors().Register(request.Sensor!, new(new(request.Site!), request.Host), hash);
        return change.Sensor is not { } record ? Problems.Conflict(change.Refused!) : Results.Created($"/v1/sensors/{Uri.EscapeDataString(record.Sensor)}", DocumentOf(record, token));
    }

    private static Task<IResult> RemoveNamed(string sensor, IGrainFactory grains) => Remove(sensor, grains);

    private static async Task<IResult> Remove(string sensor, IGrainFactory grains) => await grains.Sensors().Remove(sensor)
        ? Results.NoContent()
        : Problems.NotFound("sensor", sensor, Advice.Sensors);

    private static async Task<IResult> Vms(HttpContext context, IGrainFactory grains)
    {
        if (context.Caller().Sensor is not { } sensor)
        {
            return Problems.Forbidden("this is for sensors: send a sensor's token, nobody else has a host");
        }

        var document = JsonSerializer.Serialize(DocumentOf(sensor, await grains.Overview().Sensed()), DomainJson.Options);
        var tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(document)))[..32]}\"";
        context.Response.Headers.ETag = tag;
        return context.Request.Headers.IfNoneMatch == tag
            ? Results.StatusCode(StatusCodes.Status304NotModified)
            : Results.Text(document, "application/json");
    }

    private static SensorVmsDocument DocumentOf(SensorPost sensor, ImmutableArray<SensedApplication> applications) => new(
        sensor.Name,
        [.. from application in applications
            from vm in application.Vms
            where vm.IsHere
            select new SensorVmDocument(application.Application.Key, vm.Vm.Value, [.. vm.Addresses.Select(address => address.ToString())], vm.Tap)],
        [.. applications.Select(application => new SensorPeersDocument(
            application.Application.Key, [.. application.Vms.SelectMany(vm => vm.Addresses).Select(address => address.ToString())]))]);

    private static string? FaultOf(SensorRequest request) => SensorName.FaultOf(request.Sensor)
        ?? (string.IsNullOrWhiteSpace(request.Site) ? "site: the name of the sensor's site is missing" : null)
        ?? (request.Host is { } host ? SensorName.FaultOfHost(host) : null);

    private static SensorDocument DocumentOf(SensorRecord record, string? token = null) =>
        new(record.Sensor, record.Place.Site.Value, record.Place.Host, record.CreatedAt, token);
}
