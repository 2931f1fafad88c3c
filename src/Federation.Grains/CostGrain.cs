using Federation.Contracts;
using Federation.Domain.Applications;
using Federation.Domain.Costs;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Microsoft.Extensions.Logging;

namespace Federation.Grains;

/// <inheritdoc cref="ICostGrain"/>
/// <remarks>Holds no rule: what is added up, and how long it is kept, is for <see cref="CostLedger"/> to say.</remarks>
public sealed partial class CostGrain(
    [PersistentState("costs", GrainStateSerializer.StorageName)] IPersistentState<CostGrain.Stored> state,
    SiteViews sites,
    TimeProvider clock,
    ILogger<CostGrain> log) : Grain, ICostGrain
{
    // The traffic that is billed is the mean of as many windows as pass between two looks.
    private const int TrafficWindows = 10;

    // Whoever asks again and again makes no write of each time.
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);

    private AppId Id => AppId.Parse(this.GetPrimaryKeyString());

    /// <inheritdoc/>
    public async Task Look()
    {
        if (await View() is { } view)
        {
            await Keep(state.State.Ledger.Look(view, await Since(view.Application)), view);
        }
    }

    /// <inheritdoc/>
    public async Task PlanEnded(PlanId plan)
    {
        if (await View() is { } view)
        {
            var migrations = await GrainFactory.Plan(plan).Migrations();
            await Keep(state.State.Ledger.Look(view, await Since(view.Application)).With(migrations, view), view);
        }
    }

    /// <inheritdoc/>
    public async Task<CostHistory> Get()
    {
        if (state.State.Ledger.LookedAt is { } last && clock.GetUtcNow() - last > Fresh)
        {
            try
            {
                await Look();
            }
            catch (Exception fault)
            {
                // What was added up holds, and says until when.
                LogNotLooked(fault, Id.Key);
            }
        }

        var ledger = state.State.Ledger;
        return new(state.State.Currency, ledger.LookedAt, ledger.Slices, ledger.Moves);
    }

    /// <inheritdoc/>
    public async Task Delete()
    {
        await state.ClearStateAsync();
        state.State = new();
    }

    private Task<PlacementView?> View() => WorldView.Take(GrainFactory, sites, Id, TrafficWindows, newest: false, clock);

    // Since when each VM is at its site, or nowhere; it may have come to another host or offer there later.
    private async Task<Dictionary<VmId, DateTimeOffset>> Since(Application application)
    {
        var changed = application.Vms.Where(vm => state.State.Ledger.Placement.TryGetValue(vm.Id, out var before) ? vm.At != before : vm.At is not null).ToList();
        var stays = await Task.WhenAll(changed.Select(vm => GrainFactory.Vm(new(Id, vm.Id)).Stays()));
        return changed.Zip(stays).Where(pair => pair.Second.Length > 0).ToDictionary(
            pair => pair.First.Id,
            pair => pair.First.At is not { } at ? pair.Second[^1].Until ?? clock.GetUtcNow() : pair.Second.Reverse().TakeWhile(stay => stay.Place.Site == at.Site).Select(stay => stay.From).LastOrDefault(clock.GetUtcNow()));
    }

    private async Task Keep(CostLedger next, PlacementView view)
    {
        if (!ReferenceEquals(next, state.State.Ledger))
        {
            state.State.Ledger = next;
            state.State.Currency = view.Sites.FirstOrDefault()?.Currency ?? state.State.Currency;
            await this.Store(state);
        }
    }

    [LoggerMessage(3020, LogLevel.Warning, "What {Application} has cost since the last look could not be added up now: the next look does")]
    private partial void LogNotLooked(Exception fault, string application);

    /// <summary>What is stored of an application's costs.</summary>
    public sealed class Stored
    {
        /// <summary>What was added up.</summary>
        public CostLedger Ledger { get; set; } = new();

        /// <summary>The currency of it.</summary>
        public string Currency { get; set; } = "";
    }
}
