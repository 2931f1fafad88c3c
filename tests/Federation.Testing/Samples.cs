using System.Collections.Immutable;
using Federation.Domain.Applications;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Sites;
using Federation.Domain.Traffic;

namespace Federation.Testing;

/// <summary>Small worlds by hand, in round figures, for tests that change one thing of them.</summary>
public static class Samples
{
    /// <summary>A Monday, 12:00 UTC.</summary>
    public static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    /// <summary>10 ms, 100 MB/s, 0.02 per GB.</summary>
    public static readonly Link Link = new(0.010, 1e8, 0.02m);

    /// <summary>2^30.</summary>
    public const long GiB = 1L << 30;

    /// <summary>The offer "std": 4 vCPUs, 8 GiB, the reference speed, 1 per hour, without end.</summary>
    public static Offer Std { get; } = new("std", 4, 8 * GiB, 1, null, PriceSchedule.Always(1));

    /// <summary>A site that allows everything; offers only <see cref="Std"/> unless some are given.</summary>
    public static Site Site(string name, params Offer[] offers) => new()
    {
        Id = new(name),
        Kind = SiteKind.Cloud,
        Offers = offers.Length > 0 ? [.. offers] : [Std],
        Network = new(0.0001, 1e9, 0.1m),
    };

    /// <summary>A VM of 2 vCPUs and 4 GiB that rewrites 10 MB/s, nowhere or at <c>site</c>'s <see cref="Std"/>.</summary>
    public static VmSpec Vm(string name, string? site = null) => new()
    {
        Id = new(name),
        Vcpus = 2,
        MemoryBytes = 4 * GiB,
        DirtyBytesPerSecond = 1e7,
        At = site is null ? null : At(site),
    };

    /// <summary>The offer "std" of a site.</summary>
    public static Location At(string site) => new(new(site), "std");

    /// <summary>An application of tenant "astro", objective cost, each packet a wait, with an hour to go, over sites each linked to each.</summary>
    public static PlacementView View(IEnumerable<Site> sites, params VmSpec[] vms) => new()
    {
        Application = new()
        {
            Id = new(new("astro"), "cg", 1),
            Objective = Objective.Cost,
            Remaining = TimeSpan.FromHours(1),
            PacketsPerExchange = 1,
            Vms = [.. vms],
        },
        Sites = Linked([.. sites]),
        Traffic = TrafficMatrix.Empty(TimeSpan.FromSeconds(30)),
        Now = Now,
    };

    /// <summary>The same with another application.</summary>
    public static PlacementView With(this PlacementView view, Func<Application, Application> change) =>
        view with { Application = change(view.Application) };

    /// <summary>The same with one VM changed.</summary>
    public static PlacementView WithVm(this PlacementView view, string name, Func<VmSpec, VmSpec> change) =>
        view.With(application => application with
        {
            Vms = [.. application.Vms.Select(vm => vm.Id.Value == name ? change(vm) : vm)],
        });

    /// <summary>The same with one site changed.</summary>
    public static PlacementView WithSite(this PlacementView view, string name, Func<Site, Site> change) =>
        view with { Sites = [.. view.Sites.Select(site => site.Id.Value == name ? change(site) : site)] };

    /// <summary>The same with the offer "std" of one site changed.</summary>
    public static PlacementView WithOffer(this PlacementView view, string site, Func<Offer, Offer> change) =>
        view.WithSite(site, old => old with { Offers = [.. old.Offers.Select(offer => offer.Name == "std" ? change(offer) : offer)] });

    /// <summary>The same with the policy of one site changed.</summary>
    public static PlacementView WithPolicy(this PlacementView view, string site, Func<SitePolicy, SitePolicy> change) =>
        view.WithSite(site, old => old with { Policy = change(old.Policy) });

    /// <summary>The same with packets and bytes per second from one VM to another, both of which are in the application.</summary>
    public static PlacementView WithTraffic(this PlacementView view, string source, string destination, Flow perSecond) =>
        view with
        {
            Traffic = view.Traffic with
            {
                Pairs = view.Traffic.Pairs.SetItem(
                    new(new(source), new(destination)), perSecond * view.Traffic.Period.TotalSeconds),
            },
        };

    private static ImmutableArray<Site> Linked(ImmutableArray<Site> sites) =>
        [.. sites.Select(site => site with
        {
            Links = sites.Where(other => other.Id != site.Id).ToImmutableSortedDictionary(other => other.Id, _ => Link),
        })];
}
