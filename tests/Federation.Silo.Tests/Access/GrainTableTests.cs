using System.Collections.Immutable;
using System.Reflection;
using Federation.Contracts;
using Federation.Contracts.Access;
using Federation.Domain.Applications;
using Federation.Domain.Identity;
using Federation.Domain.Migration;
using Federation.Domain.Sites;
using Federation.Grains.Access;
using Federation.Silo.Tests.Making;
using Federation.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Federation.Silo.Tests.Access;

/// <summary>Every method of every grain with every kind of caller, by the API's way in and through a real gateway.</summary>
public sealed class GrainTableTests : IDisposable
{
    private const string Probe = "test.probe";
    private const string Reached = "the call was let in";

    private readonly TestCertificates certificates = new();
    private readonly int gateway = FreePort.Take();

    private static readonly MethodInfo[] Methods =
    [
        .. typeof(IVmGrain).Assembly.GetTypes().Where(type => type.IsInterface && typeof(IAddressable).IsAssignableFrom(type))
            .SelectMany(type => type.GetMethods()).OrderBy(NameOf, StringComparer.Ordinal),
    ];

    // An id of nothing cannot be written.
    private static readonly object[] Ids =
    [
        new SiteId("cheap"), new VmId("vm1"), new HostPlace(new("cheap"), "h1"), AppId.Parse(GrainRow.KeyOf(typeof(ITrafficGrain))!), VmRef.Parse(GrainRow.KeyOf(typeof(IVmGrain))!),
        PlanId.Parse(GrainRow.KeyOf(typeof(IPlanGrain))!), MigrationId.Parse(GrainRow.KeyOf(typeof(IMigrationGrain))!),
        new VmPlace(new(new("cheap"), "std"), "h1"), ReservationId.OfStep(MigrationId.Parse(GrainRow.KeyOf(typeof(IMigrationGrain))!)),
    ];

    [Fact]
    public void Every_method_of_a_grain_has_a_row_and_every_row_a_method() =>
        GrainRow.Table.Keys.Order(StringComparer.Ordinal).ShouldBe(Methods.Select(NameOf).Distinct());

    [Fact]
    public async Task Every_method_answers_every_caller_as_the_table_says()
    {
        await using var service = await certificates.Start(StopProbes, $"--Federation:GatewayPort={gateway}");
        using var client = await certificates.Connect(gateway, "own-client", TestContext.Current.CancellationToken);
        var inside = service.Services.GetRequiredService<IGrainFactory>();
        var outside = client.Services.GetRequiredService<IGrainFactory>();
        RequestContext.Set(Probe, true);
        foreach (var method in Methods)
        {
            CallOrigin.Current = CallOrigin.Service;
            (await IsLetIn(inside, method)).ShouldBeTrue($"{NameOf(method)} by the service");
            CallOrigin.Current = null;
            (await IsLetIn(inside, method)).ShouldBeFalse($"{NameOf(method)} by nobody");
            (await IsLetIn(outside, method)).ShouldBeFalse($"{NameOf(method)} by nobody, through the gateway");
            foreach (var (name, holder) in Tokens.Holders)
            {
                var may = GrainRow.Table[NameOf(method)].Contains(name);
                CallOrigin.Current = new(holder, "test");
                (await IsLetIn(inside, method)).ShouldBe(may, $"{NameOf(method)} by {name}");
                CallerToken.Current = service.TokenOf(name);
                (await IsLetIn(outside, method)).ShouldBe(may, $"{NameOf(method)} by {name}, through the gateway");
                CallerToken.Current = null;
            }
        }

        await client.StopAsync(TestContext.Current.CancellationToken);
    }

    public void Dispose() => certificates.Dispose();

    private static string NameOf(MethodInfo method) => $"{method.DeclaringType!.Name}.{method.Name}";

    // The innermost filter: what comes here was let in, and goes no further.
    private static void StopProbes(WebApplicationBuilder builder) => builder.Services.AddSingleton<IIncomingGrainCallFilter>(new Stop());

    private static async Task<bool> IsLetIn(IGrainFactory grains, MethodInfo method)
    {
        var type = method.DeclaringType!;
        var grain = GrainRow.KeyOf(type) is { } key ? grains.GetGrain(type, key) : grains.GetGrain(type, 0);
        try
        {
            await (Task)method.Invoke(grain, [.. method.GetParameters().Select(parameter => Nothing(parameter.ParameterType))])!;
            throw new InvalidOperationException($"{NameOf(method)} was carried out");
        }
        catch (AccessDeniedException)
        {
            return false;
        }
        catch (InvalidOperationException fault) when (fault.Message == Reached)
        {
            return true;
        }
    }

    private static object? Nothing(Type type) =>
        type.IsConstructedGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>) ? type.GetField("Empty")!.GetValue(null)
        : Ids.FirstOrDefault(type.IsInstanceOfType) is { } id ? id
        : type.IsValueType ? Activator.CreateInstance(type)
        : type == typeof(string) ? "x"
        : null;

    private sealed class Stop : IIncomingGrainCallFilter
    {
        // What a filter asks other grains on the way is no probe.
        public Task Invoke(IIncomingGrainCallContext context) => RequestContext.Get(Probe) is true && context.SourceId is { } source && source.IsClient()
            ? throw new InvalidOperationException(Reached)
            : context.Invoke();
    }
}
