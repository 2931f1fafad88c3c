using System.Diagnostics;
using System.Globalization;
using Federation.Benchmarks.Problems;
using Federation.Domain.Applications;
using Federation.Domain.Estimation;
using Federation.Domain.Plans;
using Federation.Domain.Sites;
using Federation.Planning;

namespace Federation.Benchmarks.Measures;

/// <summary>Plans over known events: how long they take, and what they save over plans that see the present only; a table.</summary>
public static class KnownFutures
{
    /// <summary>Measures some problems of one size, in which all VMs run where they are best now.</summary>
    /// <param name="vms">How many VMs.</param>
    /// <param name="sites">How many sites.</param>
    /// <param name="events">How many sites change their prices, close, or open later.</param>
    /// <param name="seeds">How many problems.</param>
    public static void Run(int vms, int sites, int events, int seeds)
    {
        Console.WriteLine("| VMs | sites | events | seed | now only, s | with events, s | cost now only | with events | later instants | later moves | peak memory, MB |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        PlanOf(View(50, 5, 1, events), looksAhead: true);
        for (var seed = 1; seed <= seeds; seed++)
        {
            var view = View(vms, sites, seed, events);
            var (now, quick) = PlanOf(view, looksAhead: false);
            var (plan, slow) = PlanOf(view, looksAhead: true);
            using var self = Process.GetCurrentProcess();
            var instants = plan.LeaveAt is null ? 0 : 1 + plan.Then.Length;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {vms} | {sites} | {events} | {seed} | {quick:0.00} | {slow:0.00} | {now.After?.Cost:0.00} | {plan.After?.Cost:0.00} | {instants} | {plan.Later.Length + plan.Then.Sum(later => later.Steps.Length)} | {self.PeakWorkingSet64 / 1e6:0} |"));
        }
    }

    private static (Plan Plan, double Seconds) PlanOf(PlacementView view, bool looksAhead)
    {
        var watch = Stopwatch.StartNew();
        var plan = Planner.Plan(view, new AutoSolver(), new() { LooksAhead = looksAhead, Detail = PlanDetail.Nearby, Threads = 2 }, CancellationToken.None);
        return (plan, watch.Elapsed.TotalSeconds);
    }

    // All run where the present alone would have them; the first sites become cheap, free for a while, or close.
    private static PlacementView View(int vms, int sites, int seed, int events)
    {
        var view = new ProblemSpec(vms, sites, seed, GroupSize: 10, PairsPerVm: 10) { Objective = Objective.Cost, Scarce = false, Running = false }.Make();
        var placed = Planner.Plan(view, new AutoSolver(), new() { LooksAhead = false, Detail = PlanDetail.Decision }, CancellationToken.None);
        var random = new Random(seed);
        var hours = view.Application.Remaining;
        var changing = view.Sites.Take(events).Select(site => site.Id).ToHashSet();
        return view with
        {
            Application = view.Application with { Vms = [.. view.Application.Vms.Zip(placed.Placement, (vm, planned) => vm with { At = planned.Location })] },
            Sites = [.. view.Sites.Select(site => changing.Contains(site.Id) ? Changing(site, view.Now + (hours * (0.2 + (0.6 * random.NextDouble()))), random.Next(3)) : site)],
        };
    }

    private static Site Changing(Site site, DateTimeOffset at, int how) => how switch
    {
        0 => site with { Offers = [.. site.Offers.Select(offer => offer with { Price = new([.. offer.Price.Entries, new(at, offer.Price.Entries[^1].PerHour / 4)]) })] },
        1 => site with { Availability = [new(at.AddDays(-3650), at)] },
        _ => site with { Availability = [new(at, at.AddDays(3650))], Offers = [.. site.Offers.Select(offer => offer with { Price = PriceSchedule.Always(0) })] },
    };
}
