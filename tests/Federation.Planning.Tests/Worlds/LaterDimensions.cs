using System.Collections.Immutable;
using Federation.Domain.Applications;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;

namespace Federation.Planning.Tests.Worlds;

/// <summary>Adds to a world what worlds did not have at first, by chances of its own: all else of a world stays as its number has made it.</summary>
internal sealed class LaterDimensions(int seed)
{
    private readonly Random random = new(unchecked((seed * 31) + 17));

    // Large worlds are picked by hand for what they are hard for.
    private const int MostVms = 12;

    public PlacementView Add(PlacementView view) => view.Application.Vms.Length > MostVms ? view : WithLimits(WithEndpoints(view));

    private PlacementView WithLimits(PlacementView view)
    {
        var application = view.Application;
        return view with
        {
            Application = application with
            {
                PacketsPerExchange = new Random(unchecked((seed * 37) + 5)).NextDouble() < 0.4 ? null : application.PacketsPerExchange,
                Prefer = PreferencesOf(view),
                Restarts = RestartsOf(new Random(unchecked((seed * 43) + 19))),
                BudgetPerHour = Chance(0.15) ? application.Vms.Length * random.Next(5, 40) / 100m : null,
                Quiet = Chance(0.1) ? [new([], new(Chance(0.5) ? 17 : 3, 0), new(Chance(0.5) ? 22 : 5, 0), TimeZoneInfo.Utc)] : [],
                Without = Chance(0.1) ? [view.Sites[random.Next(view.Sites.Length)].Id] : [],
                Apart = [.. application.Apart.Select(spread => Chance(0.5) ? spread with { MostAtOne = random.Next(1, spread.Vms.Length) } : spread)],
            },
        };
    }

    private static Restarts? RestartsOf(Random own) => own.Next(10) >= 4 ? null
        : new(TimeSpan.FromSeconds(own.Next(2) * 120), TimeSpan.FromSeconds(own.Next(3) switch { 0 => 5, 1 => 60, _ => 300 }));

    // Of one or two VMs, or of all; dear and cheap ones.
    private ImmutableArray<Preference> PreferencesOf(PlacementView view)
    {
        var own = new Random(unchecked((seed * 41) + 11));
        return own.NextDouble() < 0.7 ? [] :
        [
            .. Enumerable.Range(0, own.Next(1, 3)).Select(_ => new Preference(
                own.Next(3) == 0 ? [] : [.. view.Application.Vms.OrderBy(_ => own.Next()).Take(2).Select(vm => vm.Id)],
                [view.Sites[own.Next(view.Sites.Length)].Id],
                own.Next(1, 200) / 100m)),
        ];
    }

    // File servers at one or two sites, now and then at one that nobody knows.
    private PlacementView WithEndpoints(PlacementView view)
    {
        if (!Chance(0.3))
        {
            return view;
        }

        var endpoints = Enumerable.Range(1, random.Next(1, 3)).Select(number => new Endpoint(
            $"nfs{number}", [Address.Parse($"10.9.0.{number}")], Chance(0.15) ? new SiteId("elsewhere") : view.Sites[random.Next(view.Sites.Length)].Id)).ToImmutableArray();
        var scale = Math.Pow(10, random.Next(0, 4));
        var pairs = view.Application.Vms.SelectMany(vm => endpoints, (vm, endpoint) => new EndpointPair(vm.Id, endpoint.Name)).ToList();
        return view with
        {
            Application = view.Application with { Endpoints = endpoints },
            Traffic = view.Traffic with { SentToEndpoints = Flows(), ReceivedFromEndpoints = Flows() },
        };

        ImmutableSortedDictionary<EndpointPair, Flow> Flows() => pairs.Where(_ => Chance(0.4)).ToImmutableSortedDictionary(pair => pair, _ => new Flow(scale * random.Next(1, 30), scale * random.Next(1000, 40_000)));
    }

    private bool Chance(double share) => random.NextDouble() < share;
}
