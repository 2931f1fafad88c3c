using System.Collections.Immutable;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Sites;
using Federation.Testing;

namespace Federation.Planning.Tests.Worlds;

/// <summary>A random world of a kind that makes plans of all kinds, named by its number alone.</summary>
/// <remarks>
/// One in four is as <see cref="WorldMaker"/> makes it, where most have no placement; the others are eased, and of these some have a cheap
/// site that closes too soon, some VMs that wait for each other at full sites, and half the measured links between real regions.
/// </remarks>
public sealed record PlanWorld(int Number)
{
    public PlacementView View { get; } = new Maker(Number).Make();

    public override string ToString() => $"new PlanWorld({Number})";

    private sealed class Maker(int number)
    {
        private readonly Random random = new(number * 7919);

        public PlacementView Make()
        {
            var kind = number % 4;
            var view = new WorldMaker(number).Make(kind == 2 ? 3 + (number / 4 % 3) : 1 + (number / 4 % 6), kind == 2 ? 3 : 2 + (number / 24 % 3));
            // Quiet hours yield where nothing else can be, which a checker of single steps does not know.
            view = view with { Application = view.Application with { Quiet = [] } };
            return kind switch
            {
                0 => view,
                1 => OnRealLinks(Eased(view)),
                2 => Crossed(Eased(view)),
                _ => Closing(OnRealLinks(Eased(view))),
            };
        }

        // Everyone runs, and may be anywhere that has room.
        private PlacementView Eased(PlacementView view)
        {
            var home = view.Sites[random.Next(view.Sites.Length)];
            var application = view.Application;
            return view with
            {
                Sites = [.. view.Sites.Select(site => site with
                {
                    Availability = [],
                    Quotas = Chance(0.3) ? site.Quotas : [],
                    Policy = site.Policy with { Tenants = [], Arrivals = [], Departures = [], MigrationsOut = Chance(0.3) ? 1 : null, MigrationsIn = Chance(0.3) ? 1 : null },
                    Offers = [.. site.Offers.Select(offer => offer with { Vcpus = Math.Max(2, offer.Vcpus), MemoryBytes = Math.Max(offer.MemoryBytes, 4L << 30) })],
                })],
                UsedByOthers = ImmutableSortedDictionary<SiteId, Occupancy>.Empty,
                Application = application with
                {
                    Deadline = Chance(0.2) ? application.Remaining * 3 : null,
                    Budget = Chance(0.2) ? application.Budget : null,
                    Vms = [.. application.Vms.Select(vm => vm with
                    {
                        Vcpus = Math.Min(vm.Vcpus, 2), Residency = [], Sites = null,
                        At = Chance(0.9) ? Somewhere(Chance(0.7) ? home : view.Sites[random.Next(view.Sites.Length)]) : vm.At,
                    })],
                },
            };
        }

        private PlacementView OnRealLinks(PlacementView view)
        {
            if (Chance(0.5))
            {
                return view;
            }

            var regions = view.Sites.ToDictionary(site => site.Id, _ => RealLinks.Regions[random.Next(RealLinks.Regions.Length)]);
            return view with
            {
                Sites = [.. view.Sites.Select(site => site with
                {
                    Links = view.Sites.Where(other => other.Id != site.Id && regions[other.Id] != regions[site.Id])
                        .ToImmutableSortedDictionary(other => other.Id, other => RealLinks.Between(regions[site.Id], regions[other.Id])),
                })],
            };
        }

        // A site that costs little, for a part of the time that is left.
        private PlacementView Closing(PlacementView view)
        {
            var closing = view.Sites[random.Next(view.Sites.Length)].Id;
            var until = view.Now + (view.Application.Remaining * (0.2 + (0.6 * random.NextDouble())));
            return view with
            {
                Sites = [.. view.Sites.Select(site => site.Id != closing ? site : site with
                {
                    Availability = [new(view.Now.AddHours(-1), until)],
                    Offers = [.. site.Offers.Select(offer => offer with { Price = PriceSchedule.Always(Chance(0.5) ? 0 : 0.02m), Available = null })],
                })],
            };
        }

        // The first two sites are full and each of their VMs belongs to the other one; the third has room, at a price.
        private static PlacementView Crossed(PlacementView view)
        {
            var sites = view.Sites;
            var vms = view.Application.Vms;
            var at = vms.Select((_, i) => i % 2).ToArray();
            return view with
            {
                Sites = [.. sites.Select((site, i) => site with
                {
                    Quotas = [],
                    Offers = [site.Offers[0] with { Available = i < 2 ? at.Count(here => here == i) : null, Price = PriceSchedule.Always(i < 2 ? 0.1m : 2m) }],
                    Links = sites.Where(other => other.Id != site.Id)
                        .ToImmutableSortedDictionary(other => other.Id, other => site.Links.GetValueOrDefault(other.Id, new Link(0.01, 1e8, 0.02m))),
                })],
                Application = view.Application with
                {
                    Apart = [], Together = [],
                    Vms = [.. vms.Select((vm, i) => vm with
                    {
                        At = new(sites[at[i]].Id, sites[at[i]].Offers[0].Name),
                        DirtyBytesPerSecond = Math.Min(vm.DirtyBytesPerSecond, 5e6),
                        Sites = [sites[2].Id, .. i < 2 ? [sites[1 - at[i]].Id] : new[] { sites[0].Id, sites[1].Id }],
                    })],
                },
            };
        }

        private Location Somewhere(Site site) => new(site.Id, site.Offers[random.Next(site.Offers.Length)].Name);

        private bool Chance(double share) => random.NextDouble() < share;
    }
}
