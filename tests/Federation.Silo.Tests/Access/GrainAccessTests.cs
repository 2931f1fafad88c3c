using Federation.Contracts;
using Federation.Contracts.Access;
using Federation.Domain.Access;
using Federation.Domain.Identity;
using Federation.Grains.Access;
using Federation.Silo.Tests.Making;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Federation.Silo.Tests.Access;

/// <summary>The second look: grain calls as they would come if the API had forgotten the first.</summary>
public sealed class GrainAccessTests
{
    private static readonly AppId Application = AppId.Parse("astro/cg.1");

    [Fact]
    public async Task A_grain_asks_who_calls_whatever_the_API_did()
    {
        await using var service = await RunningService.Start();
        await service.Apply([.. SampleFiles.TwoClouds, SampleFiles.Application(vms: 1)]);
        var grains = service.Services.GetRequiredService<IGrainFactory>();
        var (alice, eve, bob) = (Tokens.Holders["tenant"], Tokens.Holders["other tenant"], Tokens.Holders["site-admin"]);

        (await As(alice, () => grains.Application(Application).Get())).ShouldNotBeNull();
        (await As(Caller.Service, () => grains.Application(Application).Get())).ShouldNotBeNull();
        var site = (await As(bob, () => grains.Site(new("cheap")).Get()))!.Site;
        (await As(bob, () => grains.Site(new("cheap")).Apply(site))).Changed.ShouldBeFalse();

        await Denied(eve, () => grains.Application(Application).Get(), "it belongs to another tenant");
        await Denied(eve, () => grains.Placement(Application).Pareto(new(null, null, null, null), 3, default), "it belongs to another tenant");
        await Denied(eve, () => grains.Groups(Application).Get(), "it belongs to another tenant");
        await Denied(alice, () => grains.Site(new("cheap")).Apply(site), "this is for site-admin, federation-admin");
        await Denied(Tokens.Holders["other site-admin"], () => grains.Site(new("cheap")).Apply(site), "cheap is not a site of mallory");
        await Denied(alice, () => grains.Placement(Application).Plans(new()), "it is for the service's grains alone");
        await Denied(alice, () => grains.Site(new("cheap")).Release([]), "it is for the service's grains alone");
        await Denied(Tokens.Holders["federation-admin"], () => grains.Vm(new(Application, new("vm1"))).NextEpoch("mine"), "it is for the service's grains alone");
        await Denied(null, () => grains.Federation().Sites(), "the call has neither a silo's word nor a token");
    }

    private static async Task<T> As<T>(Caller? caller, Func<Task<T>> call)
    {
        CallOrigin.Current = caller is null ? null : caller.Has(Role.Service) ? CallOrigin.Service : new(caller, "test");
        return await call();
    }

    private static async Task Denied(Caller? caller, Func<Task> call, string reason) =>
        (await Should.ThrowAsync<AccessDeniedException>(() => As(caller, async () =>
        {
            await call();
            return true;
        }))).Message.ShouldContain(reason);
}
