using Federation.Domain.Consolidation;

namespace Federation.Grains;

/// <summary>What the site's administrators may ask of those whose VMs are there.</summary>
public sealed partial class SiteGrain
{
    /// <inheritdoc/>
    public async Task<SiteAdvice?> Advise(bool within)
    {
        if (state.State.Site is not { } site)
        {
            return null;
        }

        // Of one moment: the site goes on meanwhile.
        var advice = await new SiteAdviser(GrainFactory, Id, state.State.Hosts, state.State.Ledger.Expire(clock.GetUtcNow())).Advise(within);
        return advice with { WattsPerHost = site.Energy?.WattsPerHost };
    }

    /// <inheritdoc/>
    public async Task<SiteAdvice?> ProposeAdvice(bool within)
    {
        if (await Advise(within) is not { } advice)
        {
            return null;
        }

        var asked = await SiteAdviser.Propose(GrainFactory, advice);
        if (!asked.Plans.IsEmpty)
        {
            await events.Record(
                "site.advised", $"the administrators of {Id} ask for {string.Join(", ", asked.Plans.Select(plan => plan.Local))}, to empty {string.Join(", ", advice.Emptied)}", site: Id);
        }

        return asked;
    }
}
