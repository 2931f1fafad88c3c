using System.Collections.Immutable;
using Federation.Contracts;
using Federation.Domain.Consolidation;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Sites;

namespace Federation.Grains;

/// <summary>Asks the applications of a site what of theirs may move, and has its hosts packed.</summary>
internal sealed class SiteAdviser(IGrainFactory grains, SiteId site, SiteHosts hosts, SiteLedger ledger)
{
    // Each host that is tried at other sites is a solve for each of its applications: an answer has to come within a call's time.
    private const int MostTriedElsewhere = 4;
    private const int AskedAtOnce = 16;

    /// <summary>Advises.</summary>
    public async Task<SiteAdvice> Advise(bool within)
    {
        var moves = new List<MovableVms>();
        foreach (var some in ledger.Allocations.Keys.Select(vm => vm.Application).Distinct().Chunk(AskedAtOnce))
        {
            moves.AddRange((await Task.WhenAll(some.Select(application => grains.Placement(application).Movable(site)))).OfType<MovableVms>());
        }

        var consolidator = new Consolidator(site, hosts, ledger, moves);
        var advice = consolidator.Advise();
        return within ? advice : await WithOtherSites(consolidator, advice);
    }

    /// <summary>Asks for a plan of each application of which something moves.</summary>
    public static async Task<SiteAdvice> Propose(IGrainFactory grains, SiteAdvice advice)
    {
        var (plans, refused) = (ImmutableArray.CreateBuilder<PlanId>(), ImmutableArray.CreateBuilder<NotProposed>());
        foreach (var moves in advice.Moves.GroupBy(move => move.Vm.Application))
        {
            var asked = await grains.Placement(moves.Key).Ask(new(null, null, null, null, Drain: DrainOf(advice.Site, moves)));
            if (asked.Id is { } plan)
            {
                plans.Add(plan);
            }
            else if (asked.Refusal is { } refusal)
            {
                refused.Add(new(moves.Key, refusal));
            }
        }

        return advice with { Plans = plans.ToImmutable(), NotProposed = refused.ToImmutable() };
    }

    // Those first that are held by nothing but room, and by few VMs.
    private async Task<SiteAdvice> WithOtherSites(Consolidator consolidator, SiteAdvice advice)
    {
        var candidates = advice.Held.Where(held => consolidator.Beyond(advice, held.Host) is { Leaving.IsEmpty: false })
            .OrderBy(held => consolidator.Beyond(advice, held.Host)!.Leaving.Length).ThenBy(held => held.Host, StringComparer.Ordinal).Take(MostTriedElsewhere).ToList();
        foreach (var held in candidates)
        {
            if (consolidator.Beyond(advice, held.Host) is { } rest)
            {
                advice = await Emptied(advice, held.Host, rest);
            }
        }

        return advice;
    }

    private async Task<SiteAdvice> Emptied(SiteAdvice advice, string host, HostRest rest)
    {
        var (moves, why) = (rest.Within.ToList(), ImmutableArray.CreateBuilder<HeldVm>());
        foreach (var leaving in rest.Leaving.GroupBy(vm => vm.Application))
        {
            var own = advice.Moves.Concat(rest.Within).Where(move => move.Vm.Application == leaving.Key && move.To is not null).ToList();
            var before = advice.Moves.Where(move => move.Vm.Application == leaving.Key && move.To is null).Select(move => move.Vm);
            var drain = new HostDrain(site, host, [.. own.Select(move => move.Vm.Vm), .. before.Concat(leaving).Select(vm => vm.Vm)])
            {
                Within = [.. own.Select(move => move.Vm.Vm)],
                Targets = own.ToImmutableSortedDictionary(move => move.Vm.Vm, move => move.To!),
            };
            var tried = await grains.Placement(leaving.Key).TryAdvice(drain, CancellationToken.None);
            if (tried.Plan is not { } plan)
            {
                why.AddRange(tried.Refusal is { } refusal ? leaving.Select(vm => new HeldVm(vm, refusal)) : []);
                continue;
            }

            moves.AddRange(plan.Steps.Where(step => !step.IsWithinSite && step.From.Site == site).Select(step => new AdvisedMove(
                new(leaving.Key, step.Vm), ledger.Allocations.GetValueOrDefault(new(leaving.Key, step.Vm))?.Host ?? host, To: null, step.To, step.Estimate)));
        }

        var found = rest.Leaving.All(vm => moves.Any(move => move.Vm == vm));
        return !found ? advice with { Held = [.. advice.Held.Select(held => held.Host == host && why.Count > 0 ? held with { Why = why.ToImmutable() } : held)] }
            : advice with
            {
                Emptied = [.. advice.Emptied.Append(host).Order(StringComparer.Ordinal)],
                Moves = [.. moves.Concat(advice.Moves).DistinctBy(move => move.Vm).OrderBy(move => move.Vm)],
                Held = advice.Held.RemoveAll(held => held.Host == host),
            };
    }

    private static HostDrain DrainOf(SiteId site, IEnumerable<AdvisedMove> moves)
    {
        var all = moves.ToList();
        var within = all.Where(move => move.To is not null).ToList();
        return new(site, string.Join(", ", all.Select(move => move.From).Distinct().Order(StringComparer.Ordinal)), [.. all.Select(move => move.Vm.Vm)])
        {
            Within = [.. within.Select(move => move.Vm.Vm)],
            Targets = within.ToImmutableSortedDictionary(move => move.Vm.Vm, move => move.To!),
        };
    }
}
