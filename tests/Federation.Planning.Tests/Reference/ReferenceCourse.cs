using Federation.Domain.Applications;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Plans;
using Federation.Domain.Sites;

namespace Federation.Planning.Tests.Reference;

/// <summary>What a plan's whole course takes, now and later, worked out again from its places and steps alone.</summary>
internal sealed class ReferenceCourse
{
    private readonly PlacementView view;
    private readonly Plan plan;
    private readonly VmSpec[] vms;
    private readonly List<Part> parts = [];

    public ReferenceCourse(PlacementView view, Plan plan)
    {
        (this.view, this.plan) = (view, plan);
        vms = [.. view.Application.Vms];
        parts.Add(new(0, [.. plan.Placement.Select(vm => vm.Location)], plan.Steps));
        foreach (var (at, steps) in Later)
        {
            Location[] places = [.. parts[^1].Places.Select((place, i) => steps.LastOrDefault(step => step.Vm == vms[i].Id)?.To ?? place)];
            parts.Add(new((at - view.Now).TotalSeconds, places, steps));
        }

        Shares = [1.0];
        for (var i = 0; i + 1 < parts.Count; i++)
        {
            var ran = parts[i + 1].At - parts[i].At - Downtime(parts[i].Steps);
            Shares.Add(Shares[i] - Math.Clamp(ran / Run(parts[i].Places), 0, Shares[i]));
        }
    }

    /// <summary>What holds from an instant on, in seconds from now: where every VM is, and the moves that lead there.</summary>
    public sealed record Part(double At, Location[] Places, IReadOnlyList<MigrationStep> Steps);

    /// <summary>All that comes after what is done now.</summary>
    public IEnumerable<(DateTimeOffset At, IReadOnlyList<MigrationStep> Steps)> Later =>
        plan.LeaveAt is not { } at ? [] : plan.Then.Select(later => (later.At, (IReadOnlyList<MigrationStep>)later.Steps)).Prepend((at, plan.Later));

    /// <summary>Now and later.</summary>
    public IReadOnlyList<Part> Parts => parts;

    /// <summary>When all is done, in seconds from now.</summary>
    public double Seconds => parts[^1].At + Downtime(parts[^1].Steps) + (Shares[^1] * Run(parts[^1].Places));

    /// <summary>When a part ends.</summary>
    public double Until(int part) => part + 1 < parts.Count ? parts[part + 1].At : Seconds;

    /// <summary>Money apart, then everything in seconds.</summary>
    public (double Hosting, double Traffic, double Moving, double Seconds) Terms() => (
        vms.Select((_, i) => Hosting(i)).Sum(),
        parts.Select((part, i) => Money(part.Places) * (Shares[i] - (i + 1 < parts.Count ? Shares[i + 1] : 0))).Sum(),
        parts.Sum(part => Moving(part.Steps, view.Now.AddSeconds(part.At))),
        Seconds);

    /// <summary>What counts besides money.</summary>
    public double Preference() => parts.Select((part, i) => new ReferencePlacement(view, part.Places).PreferenceMoney() * (Shares[i] - (i + 1 < parts.Count ? Shares[i + 1] : 0))).Sum();

    // What is left of the run when each part begins.
    private List<double> Shares { get; }

    private double Run(Location[] locations) => new ReferencePlacement(view, locations).Run();

    private double Money(Location[] locations) => new ReferencePlacement(view, locations).TrafficMoney();

    private double Downtime(IEnumerable<MigrationStep> steps) => steps.Sum(step => Migration(step).Downtime);

    // Stay by stay, each rounded as its site rounds.
    private double Hosting(int vm)
    {
        double sum = 0, since = 0;
        var came = vms[vm].At?.Site != parts[0].Places[vm].Site;
        for (var i = 0; i < parts.Count; i++)
        {
            var place = parts[i].Places[vm];
            if (i + 1 == parts.Count || parts[i + 1].Places[vm] != place)
            {
                sum += Price(place, view.Now.AddSeconds(since), ReferencePlacement.Billed(Site(place), Until(i) - since, came));
                (since, came) = (Until(i), i + 1 < parts.Count && parts[i + 1].Places[vm].Site != place.Site);
            }
        }

        return sum;
    }

    private double Moving(IReadOnlyList<MigrationStep> steps, DateTimeOffset begin)
    {
        double sum = 0;
        for (var i = 0; i < steps.Count; i++)
        {
            var (bytes, seconds, _) = Migration(steps[i]);
            sum += steps[i].From.Site == steps[i].To.Site ? 0 : bytes / 1e9 * (double)Site(steps[i].From).Links[steps[i].To.Site].EgressPerGB;
            // The second leg of a move with a stop pays for the stop.
            sum += steps.Take(i).SingleOrDefault(step => step.Vm == steps[i].Vm) is { } leg
                ? Price(steps[i].From, begin.AddSeconds(leg.StartSeconds), ReferencePlacement.Billed(
                    Site(steps[i].From), steps[i].StartSeconds + seconds - leg.StartSeconds, arrives: true))
                : Price(steps[i].From, begin, seconds);
        }

        return sum;
    }

    private (double Bytes, double Seconds, double Downtime) Migration(MigrationStep step) =>
        ReferencePlacement.Migration(view.Application, vms.Single(vm => vm.Id == step.Vm), Site(step.From), Site(step.To))!.Value;

    private double Price(Location at, DateTimeOffset begin, double seconds) =>
        ReferencePlacement.Price(Site(at).Offers.Single(offer => offer.Name == at.Offer), begin, seconds);

    private Site Site(Location at) => view.Sites.Single(site => site.Id == at.Site);
}
