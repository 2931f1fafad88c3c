using System.Collections.Immutable;
using Federation.Api;
using Federation.Contracts;
using Federation.Domain.Access;
using Federation.Domain.Identity;
using Federation.Grains.Access;
using Federation.Silo.Access;
using Federation.Silo.Http;

namespace Federation.Silo.Api;

/// <summary>The serial consoles of VMs on hosts that have an agent.</summary>
internal static class ConsoleRoutes
{
    private const int DefaultBytes = 16 << 10;
    private const double LongestWaitSeconds = 10;

    public static void MapConsoles(this IEndpointRouteBuilder v1)
    {
        v1.MapGet("/applications/{app}/vms/{vm}/log", Log).WithName("GetLogOfVm").Produces<ConsoleDocument>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409)
            .OpenTo(Role.Tenant).WithDescription("The end of what the VM wrote to its serial console since it is at its host: as many bytes as bytes= says.");
        v1.MapPost("/applications/{app}/vms/{vm}/console", Type).WithName("TypeAtVm").Produces<ConsoleDocument>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409)
            .OpenTo(Role.Tenant).WithDescription("Types at the VM's serial console, and reads what it writes from a byte on.");
    }

    private static async Task<IResult> Log(string vm, int? bytes, IGrainFactory grains, HttpContext context)
    {
        if (Bounds.FaultOf("bytes", bytes, 1, IVmConsoleGrain.MostBytes) is { } fault)
        {
            return Problems.Bad(fault);
        }

        var reference = new VmRef(context.Application(), new(vm));
        return await Missing(reference, grains) ?? ResultOf(await grains.Console(reference).Log(bytes ?? DefaultBytes));
    }

    private static async Task<IResult> Type(string vm, ConsoleRequest request, IGrainFactory grains, HttpContext context)
    {
        var input = new byte[(request.Input?.Length ?? 0) + 4];
        if (!Convert.TryFromBase64String(request.Input ?? "", input, out var typed))
        {
            return Problems.Bad("input is no base64");
        }

        if (Bounds.FaultOf("wait", request.Wait, 0, LongestWaitSeconds) is { } fault)
        {
            return Problems.Bad(fault);
        }

        var reference = new VmRef(context.Application(), new(vm));
        return await Missing(reference, grains)
            ?? ResultOf(await grains.Console(reference).Type(ImmutableArray.Create(input, 0, typed), request.From, TimeSpan.FromSeconds(request.Wait ?? 0)));
    }

    private static async Task<IResult?> Missing(VmRef vm, IGrainFactory grains) =>
        await CallOrigin.AsService(() => grains.Application(vm.Application).Description()) is { } application && application.Vms.Any(spec => spec.Id == vm.Vm)
            ? null
            : Problems.NotFound($"VM of application '{vm.Application.Name}'", vm.Vm.Value, Advice.VmsOf(vm.Application.Name));

    private static IResult ResultOf(ConsoleAnswer answer) => answer.Text is { } text
        ? Results.Ok(new ConsoleDocument(Convert.ToBase64String(text.Bytes.AsSpan()), text.From, text.Next))
        : Problems.Conflict(answer.Refused!);
}
