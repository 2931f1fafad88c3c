using System.Collections.Immutable;
using Federation.Client;
using Federation.Contracts;
using Federation.Domain.Identity;
using Federation.Domain.Plans;
using Federation.Domain.Sites;

namespace Federation.Portal.Watching;

/// <summary>All that the first page shows, as it was at one moment.</summary>
/// <param name="At">When.</param>
/// <param name="Applications">The applications that the viewer sees.</param>
/// <param name="Sites">The sites.</param>
/// <param name="Waiting">The plans that wait for somebody's decision, the newest first.</param>
public sealed record OverviewOf(DateTimeOffset At, ImmutableArray<ApplicationStatus> Applications, ImmutableArray<SiteStatus> Sites, ImmutableArray<StoredPlan> Waiting)
{
    /// <summary>Asks for it.</summary>
    public static async Task<OverviewOf> Ask(FederationSession calls, DateTimeOffset now, CancellationToken cancel)
    {
        var applications = new List<ApplicationStatus>();
        await foreach (var application in calls.Applications(cancel))
        {
            applications.Add(application);
        }

        var sites = await calls.Sites(cancel);
        var waiting = await calls.Plans(new(Limit: PlanPage.MostPlans, Waiting: true), cancel);
        // Of each application the newest plan: a page of all begins with every plan of the first.
        var newest = await Task.WhenAll(applications.Select(application => calls.Plans(new(application.Application.Id, Limit: 1), cancel)));
        var proposed = newest.SelectMany(page => page.Items).Where(plan => plan is { State: PlanState.Proposed, Plan.Decision: PlanDecision.Place or PlanDecision.Migrate });
        return new(now, [.. applications], sites, [.. waiting.Items.Concat(proposed).OrderByDescending(plan => plan.Plan.MadeAt)]);
    }

    /// <summary>What an application's VMs cost an hour where they are; null: of one of them the price is not known.</summary>
    public decimal? CostPerHour(ApplicationStatus application)
    {
        var sum = 0m;
        foreach (var location in application.Vms.Select(vm => vm.At).OfType<Location>())
        {
            if (OfferAt(location)?.Price.At(At) is not { } price)
            {
                return null;
            }

            sum += price;
        }

        return sum;
    }

    /// <summary>The currency of all prices; there is one for a federation.</summary>
    public string Currency => Sites.FirstOrDefault()?.Site.Currency ?? "";

    /// <summary>The least that a VM costs an hour at a site; null: no price is known.</summary>
    public static (Offer Offer, decimal PerHour)? Cheapest(Site site, DateTimeOffset at) => site.Offers
        .Select(offer => (offer, price: offer.Price.At(at))).Where(one => one.price is not null)
        .Select(one => ((Offer, decimal)?)(one.offer, one.price!.Value)).MinBy(one => one!.Value.Item2);

    private Offer? OfferAt(Location location) => Sites.FirstOrDefault(site => site.Site.Id == location.Site)?.Site is { } site
        ? site.OfferNamed(location.Offer) ?? site.Withdrawn.FirstOrDefault(offer => offer.Name == location.Offer)
        : null;
}
