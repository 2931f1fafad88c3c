using Federation.Domain.Applications;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Plans;
using Federation.Domain.Sites;

namespace Federation.Planning.Tests.Reference;

/// <summary>Walks through a plan as time goes on and looks for anything that is not allowed. Shares no code with the planner.</summary>
internal sealed class PlanChecker(PlacementView view, Plan plan)
{
    private const double Rounding = 1 + 1e-9;

    private readonly ReferenceCourse course = new(view, plan);

    /// <summary>What is wrong; empty if nothing is.</summary>
    public IEnumerable<string> Faults()
    {
        Location?[] now = [.. view.Application.Vms.Select(vm => vm.At)];
        Location[] first = [.. course.Parts[0].Places];
        return Walk(view, plan.Steps, now, first).Concat(Arrive(view, now, first)).Concat(Later()).Concat(Whole()).Concat(Figures());
    }

    // Each later part begins where the one before it has led, at an instant of its own.
    private IEnumerable<string> Later()
    {
        for (var i = 1; i < course.Parts.Count; i++)
        {
            var (before, part) = (course.Parts[i - 1], course.Parts[i]);
            var then = view with
            {
                Now = view.Now.AddSeconds(part.At),
                Application = view.Application with { Vms = [.. view.Application.Vms.Select((vm, n) => vm with { At = before.Places[n] })] },
            };
            Location?[] now = [.. before.Places.Select(at => (Location?)at)];
            if (part.At * Rounding < before.At + before.Steps.Select(step => step.EndSeconds).DefaultIfEmpty(0).Max())
            {
                yield return "moves begin before those before them have ended";
            }

            foreach (var step in part.Steps.Where(step => part.At - before.At + step.EndSeconds > ReferenceRules.SecondsLeft(Site(step.From), view.Now.AddSeconds(before.At)) * Rounding))
            {
                yield return $"{step.Vm} leaves {step.From} too late";
            }

            foreach (var fault in Walk(then, part.Steps, now, part.Places).Concat(Arrive(then, now, part.Places)))
            {
                yield return $"later: {fault}";
            }
        }
    }

    // One event after the other: a step starts when all is well with what is under way then.
    private IEnumerable<string> Walk(PlacementView at, IReadOnlyList<MigrationStep> steps, Location?[] now, Location[] target)
    {
        var vms = at.Application.Vms;
        for (var i = 0; i < steps.Count; i++)
        {
            var step = steps[i];
            var vm = vms.Single(vm => vm.Id == step.Vm);
            if (i > 0 && step.StartSeconds < steps[i - 1].StartSeconds)
            {
                yield return $"step {i} starts before the one before it";
            }

            var underWay = steps.Take(i).Where(other => other.EndSeconds > step.StartSeconds).ToList();
            var ended = steps.Take(i).Where(other => other.EndSeconds <= step.StartSeconds).ToList();
            var places = vms.Select(other => ended.LastOrDefault(done => done.Vm == other.Id)?.To ?? other.At).ToArray();
            if (places[vms.IndexOf(vm)] != step.From)
            {
                yield return $"{step.Vm} is not at {step.From}";
            }

            Location[] taken = [.. places.Where(place => place is not null).Select(place => place!.Value), .. underWay.Select(other => other.To), step.To];
            foreach (var fault in StepFaults(at, vm, step, underWay, taken))
            {
                yield return fault;
            }
        }

        foreach (var step in steps)
        {
            now[vms.IndexOf(vms.Single(vm => vm.Id == step.Vm))] = step.To;
        }

        for (var i = 0; i < now.Length; i++)
        {
            if (now[i] is { } there && there != target[i])
            {
                yield return $"{vms[i].Id} ends at {there}, not at {target[i]}";
            }
        }
    }

    private IEnumerable<string> StepFaults(
        PlacementView at, VmSpec vm, MigrationStep step, List<MigrationStep> underWay, Location[] taken)
    {
        var (from, to) = (Site(step.From), Site(step.To));
        Location[] there = [.. taken.Where(place => place.Site == to.Id)];
        if (!ReferenceRules.OfferHasRoom(at, to, there, step.To) || !ReferenceRules.SiteHasRoom(at, to, there))
        {
            yield return $"no room at {step.To} for {vm.Id}";
        }

        // Windows, prices and reservations as they are when this step begins.
        if (!ReferenceRules.CouldBe(at with { Now = at.Now.AddSeconds(step.StartSeconds) }, vm with { At = step.From }, step.To))
        {
            yield return $"{vm.Id} may not come to {step.To}";
        }

        if (underWay.Any(other => other.Vm == step.Vm))
        {
            yield return $"{vm.Id} is under way already";
        }

        // Who restarts neither comes nor goes.
        var between = underWay.Where(other => other.From.Site != other.To.Site).ToList();
        if ((from.Id != to.Id && (between.Count(other => other.To.Site == to.Id) + 1 > (to.Policy.MigrationsIn ?? int.MaxValue)
                || between.Count(other => other.From.Site == from.Id) + 1 > (from.Policy.MigrationsOut ?? int.MaxValue)))
            || underWay.Count(other => other.From.Site == from.Id && other.To.Site == to.Id) + 1 > at.MigrationsPerLink)
        {
            yield return $"too many migrations at once with {vm.Id}";
        }
    }

    private static IEnumerable<string> Arrive(PlacementView at, Location?[] now, Location[] target)
    {
        foreach (var (i, vm) in at.Application.Vms.Index())
        {
            if (now[i] is null && !ReferenceRules.CouldBe(at, vm, target[i]))
            {
                yield return $"{vm.Id} may not start at {target[i]}";
            }
        }

        if (!at.Sites.All(site => ReferenceRules.HasRoom(at, site, [.. target.Where(place => place.Site == site.Id)])))
        {
            yield return "no room at the end of all moves";
        }

        if (!ReferenceRules.HoldsAffinity(at.Application, target))
        {
            yield return "affinity";
        }
    }

    private IEnumerable<string> Whole()
    {
        var (hosting, traffic, moving, seconds) = course.Terms();
        if (hosting + traffic + moving > (double)(view.Application.Budget ?? decimal.MaxValue) * Rounding)
        {
            yield return "budget";
        }

        if (course.Parts.Index().Any(part => !ReferenceRules.HoldsRate(view, part.Item.Places, part.Item.At, course.Until(part.Index))))
        {
            yield return "hourly budget";
        }

        if (seconds > ReferenceRules.Longest(view) * Rounding)
        {
            yield return "deadline";
        }

        foreach (var site in view.Sites)
        {
            var used = course.Parts.Select((part, i) => Vcpus(part.Places, site) * (course.Until(i) - part.At)).Sum();
            var others = view.UsedByOthers.GetValueOrDefault(site.Id).CoreHours;
            if (used > 0 && others + (used / 3600) > (ReferenceRules.QuotaOf(view, site)?.CoreHours ?? double.PositiveInfinity) * Rounding)
            {
                yield return $"core-hours at {site.Id}";
            }

            if (course.Parts.Index().Any(part => Vcpus(part.Item.Places, site) > 0
                && course.Until(part.Index) - part.Item.At > (ReferenceRules.SecondsLeft(site, view.Now.AddSeconds(part.Item.At)) * Rounding) + 1e-6))
            {
                yield return $"{site.Id} closes before it is left";
            }
        }
    }

    private IEnumerable<string> Figures()
    {
        var (hosting, traffic, moving, seconds) = course.Terms();
        var terms = plan.After!.Value;
        var bills = plan.Placement.Select(vm => vm.Bill).ToList();
        var steps = plan.Steps.Concat(plan.Later).Concat(plan.Then.SelectMany(later => later.Steps)).Sum(step => step.Bill.Sum);
        (string Name, double Said, double Is)[] figures =
        [
            ("hosting", terms.Hosting, hosting), ("traffic", terms.Traffic, traffic), ("moving", terms.Moving, moving),
            ("time", terms.TimeSeconds, seconds), ("hosting of all VMs", bills.Sum(bill => bill.Hosting), hosting),
            ("traffic of all VMs", bills.Sum(bill => bill.Traffic), traffic), ("moving of all VMs", bills.Sum(bill => bill.Moving), moving),
            ("moving of all steps", steps, moving), ("preference", terms.Preference, course.Preference()),
        ];
        // To the cent is asked for; a millionth of it is what there is.
        return figures.Where(figure => Math.Abs(figure.Said - figure.Is) > 1e-8 + (1e-9 * Math.Abs(figure.Is)))
            .Select(figure => $"{figure.Name} is {figure.Is:R}, the plan says {figure.Said:R}");
    }

    private static int Vcpus(IEnumerable<Location> locations, Site site) =>
        locations.Where(at => at.Site == site.Id).Sum(at => site.Offers.Single(offer => offer.Name == at.Offer).Vcpus);

    private Site Site(Location at) => view.Sites.Single(site => site.Id == at.Site);
}
