using System.Security.Cryptography;
using System.Text.Json;
using Federation.Contracts;
using Federation.Domain.Documents;
using Federation.Domain.Identity;
using Federation.Domain.Json;
using Federation.Silo.Hosting;

namespace Federation.Silo.Api;

/// <summary>Sensors: who may report which VMs, and which VMs those are.</summary>
internal static class SensorRoutes
{
    private const int LongestName = 63;

    public static void MapSensors(this IEndpointRouteBuilder v1)
    {
        v1.MapGet("/sensors", List).WithName("ListSensors").Produces<SensorDocument[]>();
        v1.MapPost("/sensors", Register).WithName("RegisterSensor").Produces<SensorDocument>(201).ProducesProblem(400).ProducesProblem(404)
            .WithDescription("Makes a token for one sensor, shown once. A token that it had before is worth nothing any more.");
        v1.MapDelete("/sensors/{sensor}", Remove).WithName("RemoveSensor").Produces(204).ProducesProblem(404);
        v1.MapGet("/sensors/self/vms", Vms).WithName("ListVmsOfSensor").Produces<SensorVmsDocument>().Produces(304).ProducesProblem(403)
            .WithDescription("The VMs on the host of the sensor whose token is sent.");
        v1.MapPut("/applications/{app}/vms/{vm}/host", PutHost).WithName("PutHostOfVm").Produces(204).ProducesProblem(404).ProducesProblem(409)
            .WithDescription("Tells on which host of its site a VM runs now; after a move to another site that is not known until it is told again.");
    }

    private static async Task<SensorDocument[]> List(IGrainFactory grains) => [.. (await grains.Sensors().List()).Select(record => DocumentOf(record))];

    private static async Task<IResult> Register(SensorRequest request, IGrainFactory grains)
    {
        if (FaultOf(request) is { } fault)
        {
            return Problems.Bad(fault);
        }

        if (await grains.Site(new(request.Site!)).Get() is null)
        {
            return Problems.NotFound("site", request.Site!, "GET /v1/sites lists them");
        }

        var (token, hash) = SensorIdentity.NewToken(request.Sensor!);
        var record = await grains.Sensors().Register(request.Sensor!, new(new(request.Site!), request.Host), hash);
        return Results.Created($"/v1/sensors/{Uri.EscapeDataString(record.Sensor)}", DocumentOf(record, token));
    }

    private static async Task<IResult> Remove(string sensor, IGrainFactory grains) => await grains.Sensors().Remove(sensor)
        ? Results.NoContent()
        : Problems.NotFound("sensor", sensor, "GET /v1/sensors lists them");

    private static async Task<IResult> Vms(HttpContext context, IGrainFactory grains)
    {
        if (context.Features.Get<SensorIdentity>() is not { } sensor)
        {
            return Results.Problem(
                statusCode: StatusCodes.Status403Forbidden, title: "Not allowed", detail: "this is for sensors: send a sensor's token, the operator has no host");
        }

        var document = JsonSerializer.Serialize(await DocumentOf(sensor, grains), DomainJson.Options);
        var tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(document)))[..32]}\"";
        context.Response.Headers.ETag = tag;
        return context.Request.Headers.IfNoneMatch == tag
            ? Results.StatusCode(StatusCodes.Status304NotModified)
            : Results.Text(document, "application/json");
    }

    private static async Task<IResult> PutHost(string app, string vm, HostRequest request, IGrainFactory grains)
    {
        if (await grains.Application(new(app)).Description() is not { } application)
        {
            return Problems.NotFound("application", app, ApplicationRoutes.Remedy);
        }

        if (application.Vms.All(spec => spec.Id != new VmId(vm)))
        {
            return Problems.NotFound($"VM of application '{app}'", vm, $"GET /v1/vms?application={app} lists them");
        }

        if (request.Host is { } host && !IsName(host))
        {
            return Problems.Bad($"host '{host}' is no name: write 1 to {LongestName} characters without a space or slash");
        }

        return await grains.Vm(new(new(app), new(vm))).RunsOnHost(request.Host)
            ? Results.NoContent()
            : Problems.Conflict($"{vm} runs nowhere: it is on no host until it is placed");
    }

    private static async Task<SensorVmsDocument> DocumentOf(SensorIdentity sensor, IGrainFactory grains)
    {
        var vms = await grains.Host(sensor.Place).Vms();
        var applications = await Task.WhenAll(vms.Select(vm => vm.Application).Distinct().Select(id => grains.Application(id).Description()));
        var known = applications.OfType<Domain.Applications.Application>().ToDictionary(application => application.Id);
        return new(
            sensor.Sensor,
            [.. from vm in vms
                where known.ContainsKey(vm.Application)
                from spec in known[vm.Application].Vms
                where spec.Id == vm.Vm
                select new SensorVmDocument(vm.Application.Value, vm.Vm.Value, [.. spec.Addresses.Select(address => address.ToString())])],
            [.. known.Values.OrderBy(application => application.Id).Select(application => new SensorPeersDocument(
                application.Id.Value, [.. application.Vms.SelectMany(spec => spec.Addresses).Select(address => address.ToString())]))]);
    }

    private static string? FaultOf(SensorRequest request) =>
        request.Sensor is not { } sensor || !IsName(sensor) || sensor == "self"
            ? $"sensor '{request.Sensor}' is no name: write 1 to {LongestName} characters without a space or slash, such as host1"
        : string.IsNullOrWhiteSpace(request.Site) ? "site: the name of the sensor's site is missing"
        : request.Host is { } host && !IsName(host) ? $"host '{host}' is no name: write 1 to {LongestName} characters without a space or slash"
        : null;

    private static bool IsName(string text) =>
        text.Length is > 0 and <= LongestName && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '@');

    private static SensorDocument DocumentOf(SensorRecord record, string? token = null) =>
        new(record.Sensor, record.Place.Site.Value, record.Place.Host, record.CreatedAt, token);
}
