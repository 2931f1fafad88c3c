using System.Collections.Immutable;
using Federation.Contracts;
using Federation.Domain.Identity;
using Federation.Domain.Migration;
using Federation.Domain.Plans;
using Federation.Domain.Refusals;
using Federation.Domain.Sites;

namespace Federation.Grains;

/// <summary>Carries a plan out: first the migrations, as many at once as the plan has it, then the VMs that are nowhere yet. Every step can be repeated.</summary>
internal sealed class PlanExecution(IGrainFactory grains, IHypervisor hypervisor, TimeProvider clock)
{
    /// <summary>How far it came.</summary>
    /// <param name="IsDone">Whether everything was done.</param>
    /// <param name="Failure">Why it cannot go on; null if it can.</param>
    public readonly record struct Progress(bool IsDone, Refusal? Failure);

    /// <summary>
    /// Begins every migration whose predecessors have ended, and says where the whole stands. After a failure nothing new begins, and what
    /// is under way comes to its end.
    /// </summary>
    public async Task<Progress> Continue(PlacementRecord record)
    {
        var steps = record.Plan.Steps;
        var ended = new bool[steps.Length];
        var underWay = false;
        Refusal? failure = null;
        for (var i = 0; i < steps.Length; i++)
        {
            var migration = await grains.Migration(MigrationId(record, i)).Get();
            if (migration is null && (failure is not null || Waits(steps, ended, i)))
            {
                break;
            }

            if (migration is not { HasEnded: true })
            {
                migration = await grains.Migration(MigrationId(record, i)).Run(migration ?? await StateOf(record, i));
            }

            ended[i] = migration.HasEnded;
            underWay |= !migration.HasEnded;
            failure ??= migration.Phase == MigrationPhase.RolledBack ? Refusal.VmDidNotMove(steps[i].Vm, steps[i].To, migration.Refusal!) : null;
        }

        if (underWay || failure is not null || ended.Contains(false))
        {
            return new(IsDone: false, underWay ? null : failure);
        }

        failure = await Start(record);
        return new(failure is null, failure is { Code: RefusalCode.OutcomeUnknown } ? null : failure);
    }

    /// <summary>The migration of a step, the steps counted from 0.</summary>
    public static MigrationId MigrationId(PlacementRecord record, int step) => new(record.Id, step + 1);

    private static bool Waits(ImmutableArray<MigrationStep> steps, bool[] ended, int step) =>
        Enumerable.Range(0, step).Any(earlier => !ended[earlier] && steps[step].Follows(steps[earlier]));

    private async Task<MigrationState> StateOf(PlacementRecord record, int number)
    {
        var step = record.Plan.Steps[number];
        var (id, vm) = (MigrationId(record, number), new VmRef(record.Plan.Application, step.Vm));
        var epoch = await grains.Vm(vm).NextEpoch(id.Key);
        return new(
            new(id, vm, step.From, step.To, epoch, step.Estimate.DurationSeconds, step.Estimate.DowntimeSeconds),
            record.Id,
            CoreHours(record, step.Vm, step.To),
            MigrationPhase.Reserve,
            clock.GetUtcNow(),
            Needs: Needs(record, step.Vm));
    }

    // Places are kept at every site before the first VM starts: all of them start, or none does.
    private async Task<Refusal?> Start(PlacementRecord record)
    {
        var starting = record.View.Application.Vms.Zip(record.Plan.Placement)
            .Where(pair => pair.First.At is null).Select(pair => pair.Second).ToList();
        var sites = starting.GroupBy(vm => vm.Location.Site, vm => RequestFor(record, vm)).OrderBy(group => group.Key)
            .Select(group => (group.Key, group.ToImmutableArray())).ToList();
        if (await new JointReservation(grains).Admit(Reservation(record), sites) is { } refusal)
        {
            return refusal;
        }

        for (var next = 0; next < starting.Count; next++)
        {
            var cause = await Start(record, starting[next]);
            if (cause is { Code: RefusalCode.OutcomeUnknown })
            {
                // Every place is kept until it is known.
                return cause;
            }

            if (cause is not null)
            {
                await new JointReservation(grains).Cancel(Reservation(record), starting.Select(vm => vm.Location.Site).Distinct());
                return Refusal.VmDidNotStart(starting[next].Vm, starting[next].Location, cause, next, starting.Count);
            }
        }

        return null;
    }

    private async Task<Refusal?> Start(PlacementRecord record, PlannedVm planned)
    {
        var vm = new VmRef(record.Plan.Application, planned.Vm);
        if ((await grains.Site(planned.Location.Site).Confirm(vm, Reservation(record))).Refusal is { } refusal)
        {
            return refusal;
        }

        if (await new VmControl(grains, hypervisor).Start(vm, planned.Location, record.Id.Key) is { } failure)
        {
            return failure;
        }

        return (await grains.Site(planned.Location.Site).Arrive(vm, Reservation(record))).Refusal;
    }

    private static ReservationId Reservation(PlacementRecord record) => ReservationId.OfStart(record.Id);

    private static AdmissionRequest RequestFor(PlacementRecord record, PlannedVm vm) => new(
        Reservation(record), new(record.Plan.Application, vm.Vm), vm.Location.Offer, Needs(record, vm.Vm), CoreHours(record, vm.Vm, vm.Location));

    private static VmNeeds Needs(PlacementRecord record, VmId vm) => record.View.Application.Vms.Single(spec => spec.Id == vm).Needs;

    private static double CoreHours(PlacementRecord record, VmId vm, Location at)
    {
        var offer = record.View.Sites.Single(site => site.Id == at.Site).OfferNamed(at.Offer)!;
        return offer.Vcpus * LeavingInTime.SecondsAt(record.Plan, vm, at) / 3600;
    }
}
