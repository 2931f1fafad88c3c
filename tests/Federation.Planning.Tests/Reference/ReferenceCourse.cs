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
    private readonly Location[] first;
    private readonly Location[] last;

    public ReferenceCourse(PlacementView view, Plan plan)
    {
        (this.view, this.plan) = (view, plan);
        vms = [.. view.Application.Vms];
        first = [.. plan.Placement.Select(vm => vm.Location)];
        last = [.. first.Select((at, i) => plan.Later.LastOrDefault(step => step.Vm == vms[i].Id)?.To ?? at)];
    }

    /// <summary>Where every VM is once nothing moves any more.</summary>
    public IReadOnlyList<Location> Last => last;

    /// <summary>When the first VM leaves what closes, in seconds from now; at the end if nothing closes.</summary>
    public double LeaveSeconds => plan.LeaveAt is { } at ? (at - view.Now).TotalSeconds : Run(first) + Downtime(plan.Steps);

    /// <summary>How long the last part lasts, downtimes included; 0 if there is only one.</summary>
    public double RestSeconds => plan.LeaveAt is null ? 0 : (ShareLeft * Run(last)) + Downtime(plan.Later);

    /// <summary>Money apart, then everything in seconds.</summary>
    public (double Hosting, double Traffic, double Moving, double Seconds) Terms() => (
        vms.Select((_, i) => Hosting(i)).Sum(),
        (Money(first) * (1 - ShareLeft)) + (Money(last) * ShareLeft),
        Moving(plan.Steps, view.Now) + Moving(plan.Later, plan.LeaveAt ?? view.Now),
        LeaveSeconds + RestSeconds);

    private double ShareLeft =>
        plan.LeaveAt is null ? 0 : 1 - Math.Clamp((LeaveSeconds - Downtime(plan.Steps)) / Run(first), 0, 1);

    private double Run(Location[] locations) => new ReferencePlacement(view, locations).Run();

    private double Money(Location[] locations) => new ReferencePlacement(view, locations).TrafficMoney();

    private double Downtime(IEnumerable<MigrationStep> steps) => steps.Sum(step => Migration(step).Downtime);

    private double Hosting(int vm)
    {
        var (here, there) = (Site(first[vm]), Site(last[vm]));
        var arrives = vms[vm].At?.Site != here.Id;
        if (here.Id == there.Id)
        {
            return Price(first[vm], view.Now, ReferencePlacement.Billed(here, LeaveSeconds + RestSeconds, arrives));
        }

        return Price(first[vm], view.Now, ReferencePlacement.Billed(here, LeaveSeconds, arrives))
            + Price(last[vm], plan.LeaveAt!.Value, ReferencePlacement.Billed(there, RestSeconds, arrives: true));
    }

    private double Moving(IReadOnlyList<MigrationStep> steps, DateTimeOffset begin)
    {
        double sum = 0;
        for (var i = 0; i < steps.Count; i++)
        {
            var (bytes, seconds, _) = Migration(steps[i]);
            sum += bytes / 1e9 * (double)Site(steps[i].From).Links[steps[i].To.Site].EgressPerGB;
            // The second leg of a move with a stop pays for the stop.
            sum += steps.Take(i).SingleOrDefault(step => step.Vm == steps[i].Vm) is { } leg
                ? Price(steps[i].From, begin.AddSeconds(leg.StartSeconds), ReferencePlacement.Billed(
                    Site(steps[i].From), steps[i].StartSeconds + seconds - leg.StartSeconds, arrives: true))
                : Price(steps[i].From, begin, seconds);
        }

        return sum;
    }

    private (double Bytes, double Seconds, double Downtime) Migration(MigrationStep step) =>
        ReferencePlacement.Migration(vms.Single(vm => vm.Id == step.Vm), Site(step.From), Site(step.To))!.Value;

    private double Price(Location at, DateTimeOffset begin, double seconds) =>
        ReferencePlacement.Price(Site(at).Offers.Single(offer => offer.Name == at.Offer), begin, seconds);

    private Site Site(Location at) => view.Sites.Single(site => site.Id == at.Site);
}
