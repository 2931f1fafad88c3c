using System.Collections.Immutable;
using Federation.Domain.Applications;
using Federation.Domain.Identity;
using Federation.Domain.Refusals;

namespace Federation.Domain.Estimation;

/// <summary>A VM that somebody wants at a site, whether or not that pays. What has to be at one site with it goes along; all others stay.</summary>
/// <param name="Vm">The VM.</param>
/// <param name="Site">The site.</param>
public sealed record WantedMove(VmId Vm, SiteId Site)
{
    /// <summary>Why no plan can be made for it, whatever the world is like otherwise; null: one can.</summary>
    /// <param name="application">The application, each VM with where it runs now.</param>
    /// <param name="sites">The sites that there are.</param>
    public Refusal? Against(Application application, IEnumerable<SiteId> sites) =>
        application.Vms.FirstOrDefault(vm => vm.Id == Vm) is not { } wanted ? Refusal.VmUnknown(application.Id, Vm)
        : !sites.Contains(Site) ? Refusal.SiteUnknown(Site)
        : wanted.At is not { } at ? Refusal.VmNowhere(application.Id, Vm)
        : at.Site == Site ? Refusal.VmThere(application.Id, Vm, Site)
        : null;

    /// <summary>The VMs that go, by number: the wanted one and whatever has to be at one site with one that goes.</summary>
    /// <exception cref="ArgumentException">The application has no such VM.</exception>
    internal SortedSet<int> Going(PlacementProblem problem)
    {
        var first = problem.View.Application.Vms.Select(vm => vm.Id).ToList().IndexOf(Vm);
        var going = new SortedSet<int> { first >= 0 ? first : throw new ArgumentException($"{problem.View.Application.Id} has no VM {Vm}, which is wanted at {Site}") };
        for (var known = 0; known < going.Count;)
        {
            known = going.Count;
            going.UnionWith(problem.Together.Where(set => set.Any(going.Contains)).SelectMany(set => set).ToList());
        }

        return going;
    }

    /// <summary>At which site, by number, each VM has to be; -1: anywhere, as it is nowhere yet or cannot stay where it is.</summary>
    /// <exception cref="ArgumentException">There is no such VM, or no such site.</exception>
    internal ImmutableArray<int> SitesOf(PlacementProblem problem)
    {
        var to = problem.Sites.Select(site => site.Id).ToList().IndexOf(Site);
        var going = Going(problem);
        return to < 0 ? throw new ArgumentException($"there is no site {Site}, where {Vm} is wanted") :
        [
            .. problem.CurrentSeats.Select((seat, vm) => going.Contains(vm) ? to
                : seat != PlacementProblem.Nowhere && SeatRules.Check(problem, vm, problem.Seats[seat]).IsFeasible ? problem.Seats[seat].SiteIndex
                : -1),
        ];
    }
}
