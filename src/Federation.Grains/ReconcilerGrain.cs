using System.Collections.Immutable;
using Federation.Contracts;
using Federation.Domain.Migration;
using Federation.Domain.Reconciling;
using Microsoft.Extensions.Options;

namespace Federation.Grains;

/// <inheritdoc cref="IReconcilerGrain"/>
public sealed class ReconcilerGrain(
    [PersistentState("reconciler", GrainStateSerializer.StorageName)] IPersistentState<ReconcilerState> state,
    IHypervisor hypervisor,
    EventRecorder events,
    IOptions<ReconcilerOptions> options,
    TimeProvider clock) : Grain, IReconcilerGrain, IRemindable
{
    private const string ReminderName = "reconcile";

    /// <inheritdoc/>
    public Task Start() => this.RegisterOrUpdateReminder(ReminderName, options.Value.Every, options.Value.Every);

    /// <inheritdoc/>
    public Task ReceiveReminder(string reminderName, TickStatus status) => Look(options.Value.Repairs);

    /// <inheritdoc/>
    public async Task<ReconcilerReport> Look(bool repair)
    {
        var (before, now) = (state.State, clock.GetUtcNow());
        var next = before.After(Reconciliation.Compare(await new FederationLooks(GrainFactory, hypervisor).Take(only: null)), now);
        if (!next.Seen.IsEmpty || !before.Seen.IsEmpty)
        {
            state.State = next;
            await this.Store(state);
        }

        var known = before.Seen.Select(seen => seen.Finding.Subject).ToHashSet();
        foreach (var finding in next.Seen.Select(seen => seen.Finding).Where(finding => !known.Contains(finding.Subject)))
        {
            await events.Record("doctor.found", FindingText.Of(finding), finding.Application, finding.Site ?? finding.At?.Site);
        }

        var repaired = repair ? await Repair(next.Due(now, options.Value.Settle)) : [];
        return new(now, [.. next.Seen.Select(seen => new ReportedFinding(seen.Finding, seen.Since, Fate(seen, repaired.Contains(seen.Finding), now)))], options.Value.Settle);
    }

    // The application's grain does it: no change and no plan begins meanwhile.
    private async Task<HashSet<Finding>> Repair(ImmutableArray<Finding> due)
    {
        var repaired = new HashSet<Finding>();
        foreach (var application in due.GroupBy(finding => finding.Application!.Value.Named))
        {
            if (await GrainFactory.Application(application.Key).Repair([.. application]))
            {
                repaired.UnionWith(application);
            }
        }

        return repaired;
    }

    private FindingFate Fate(SeenFinding seen, bool isRepaired, DateTimeOffset now) => isRepaired ? FindingFate.Repaired
        : seen.Finding.Repair is null ? FindingFate.NeedsPerson
        : seen.IsDue(now, options.Value.Settle) ? FindingFate.Repairable
        : FindingFate.Waits;
}
