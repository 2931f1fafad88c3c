using Federation.Contracts;
using Federation.Domain.Applications;
using Federation.Domain.Estimation;
using Federation.Domain.Guests;
using Federation.Domain.Identity;
using Federation.Domain.Migration;
using Federation.Domain.Plans;
using Federation.Domain.Refusals;
using Federation.Domain.Sites;

namespace Federation.Grains;

/// <summary>Does what is due for a plan. Each command can be repeated; its answer is an event for the plan's saga.</summary>
internal sealed class PlanWork(
    IGrainFactory grains, SiteViews views, IHypervisor hypervisor, TimeProvider clock, MovePolicy policy, StoredPlan plan, PlanGrain.Stored kept, Func<Task<PlacementView?>> world)
{
    private ReservationId Reservation => ReservationId.OfStart(plan.Id);

    /// <summary>Does it; null: it is under way, or cannot be done now, and has to be done again.</summary>
    /// <exception cref="SiteOfflineException">A site is away.</exception>
    /// <exception cref="HypervisorException">A hypervisor failed.</exception>
    public Task<SagaEvent?> Do(SagaCommand command) => command switch
    {
        SagaCommand.RequestApproval(var site) => RequestApproval(site),
        SagaCommand.DropApproval(var site) => DropApproval(site),
        SagaCommand.ClaimSlot => ClaimSlot(),
        SagaCommand.ReleaseSlot => ReleaseSlot(),
        SagaCommand.Check => Check(),
        SagaCommand.KeepPlaces(var site) => KeepPlaces(site),
        SagaCommand.GiveBackPlaces(var site) => GiveBackPlaces(site),
        SagaCommand.Run(var step) => Run(plan.Saga.Steps[step - 1]),
        SagaCommand.Weigh weigh => Weigh(weigh),
        SagaCommand.Tell => Tell(),
        _ => throw new InvalidOperationException($"nobody does {command}"),
    };

    private async Task<SagaEvent?> RequestApproval(SiteId site)
    {
        var nowhere = plan.Saga.Steps.Where(step => step is { Kind: StepKind.Start, IsBack: false }).Select(step => step.Vm).ToHashSet();
        var verdict = await grains.Site(site).RequestApproval(plan.Id, PlanAtSites.Of(plan.Plan, nowhere)[site]);
        return verdict.Refusal is not { } refusal ? new SagaEvent.ApprovalGiven(site)
            : refusal.Code is RefusalCode.ApprovalRejected or RefusalCode.SiteUnknown ? new SagaEvent.ApprovalRejected(site, refusal)
            : new SagaEvent.ApprovalRequested(site);
    }

    private async Task<SagaEvent?> DropApproval(SiteId site)
    {
        await grains.Site(site).DropApproval(plan.Id);
        return new SagaEvent.ApprovalDropped(site);
    }

    private async Task<SagaEvent?> ClaimSlot() => (await grains.Application(plan.Id.Application).BeginPlan(plan.Id)).Refusal is { } refusal
        ? new SagaEvent.SlotRefused(refusal)
        : new SagaEvent.SlotGiven();

    private async Task<SagaEvent?> ReleaseSlot()
    {
        await grains.Application(plan.Id.Application).EndPlan(plan.Id);
        return new SagaEvent.SlotReleased();
    }

    private async Task<SagaEvent?> Check()
    {
        var now = await View();
        return new SagaEvent.Checked(await Task.Run(() => PlanReliance.Check(plan.Id, plan.Plan, kept.Revision, kept.Departs, now)));
    }

    private async Task<SagaEvent?> KeepPlaces(SiteId site)
    {
        var starting = plan.Saga.Steps.Where(step => step is { Kind: StepKind.Start, State: StepState.Pending } && step.To!.Value.Site == site);
        var view = (await world())!;
        var verdict = await grains.Site(site).Admit([.. starting.Select(step => new AdmissionRequest(
            Reservation, VmOf(step), step.To!.Value.Offer, Needs(view, step.Vm), CoreHours(view, step.Vm, step.To.Value)) { Wishes = Wishes(view, step.Vm) })]);
        return verdict.Refusal is { } refusal ? new SagaEvent.PlacesRefused(site, refusal) : new SagaEvent.PlacesKept(site);
    }

    private async Task<SagaEvent?> GiveBackPlaces(SiteId site)
    {
        await grains.Site(site).Cancel(Reservation);
        return new SagaEvent.PlacesGivenBack(site);
    }

    private Task<SagaEvent?> Run(SagaStep step) => step.Kind switch
    {
        StepKind.Move => Move(step),
        StepKind.Start => Start(step),
        _ => Stop(step),
    };

    private async Task<SagaEvent?> Move(SagaStep step)
    {
        var id = new MigrationId(plan.Id, step.Number);
        var state = await grains.Migration(id).Run(await grains.Migration(id).Get() ?? await NewMigration(id, step));
        return !state.HasEnded ? null
            : state.Phase == MigrationPhase.Done ? new SagaEvent.StepDone(step.Number)
            : new SagaEvent.StepFailed(step.Number, Refusal.VmDidNotMove(step.Vm, step.To!.Value, state.Refusal!));
    }

    private async Task<MigrationState> NewMigration(MigrationId id, SagaStep step)
    {
        var (vm, to, view) = (VmOf(step), step.To!.Value, (await world())!);
        var epoch = await grains.Vm(vm).NextEpoch(id.Key);
        return new(
            new(id, vm, step.From!.Value, to, epoch, step.EndSeconds - step.StartSeconds, step.DowntimeSeconds)
            {
                Bytes = step.Bytes, Terms = step.Terms ?? new(), Guest = await GuestOf(view, vm, to.Site), Described = view.Application.Vms.Single(spec => spec.Id == step.Vm).Guest?.Hardware,
            },
            plan.Id, CoreHours(view, step.Vm, to), MigrationPhase.Reserve, clock.GetUtcNow(), Needs: Needs(view, step.Vm))
        {
            Wishes = Wishes(view, step.Vm) with { Host = to.Site == step.From.Value.Site ? plan.Plan.Drain?.Targets?.GetValueOrDefault(step.Vm) : null },
        };
    }

    private async Task<SagaEvent?> Start(SagaStep step)
    {
        var (vm, at) = (VmOf(step), step.To!.Value);
        var control = new VmControl(grains, hypervisor);
        var refusal = (await grains.Site(at.Site).Confirm(vm, Reservation)).Refusal
            ?? await control.Start(await control.StartOf((await world())!.Application, step.Vm, at), $"{plan.Id.Key}/{step.Number}");
        refusal ??= (await grains.Site(at.Site).Arrive(vm, Reservation)).Refusal;
        return refusal is null ? new SagaEvent.StepDone(step.Number)
            : refusal.Code == RefusalCode.OutcomeUnknown ? new SagaEvent.StepUnknown(step.Number, refusal)
            : new SagaEvent.StepFailed(step.Number, Refusal.VmDidNotStart(step.Vm, at, refusal, Started(), plan.Saga.Steps.Count(other => other.Kind == StepKind.Start && other.Of is null)));
    }

    private async Task<SagaEvent?> Stop(SagaStep step)
    {
        if (!await new VmControl(grains, hypervisor).Stop(VmOf(step), $"{plan.Id.Key}/{step.Number}"))
        {
            return null;
        }

        await grains.Site(step.From!.Value.Site).Release([VmOf(step)]);
        return new SagaEvent.StepDone(step.Number);
    }

    private async Task<SagaEvent?> Weigh(SagaCommand.Weigh command) => await View() is { } now
        ? new SagaEvent.Weighed(command.Round, await Task.Run(() => HalfWayChoice.Between(plan.Saga, plan.Plan.Drain is null ? command : command with { MayGoBack = false }, now, plan.Plan.Wanted is not null)))
        : null;

    private async Task<SagaEvent?> Tell()
    {
        if (plan.State == PlanState.Applied)
        {
            await grains.Application(plan.Id.Application).RunsOn(TimeSpan.FromSeconds(plan.Plan.RunSecondsThere));
        }

        await grains.Placement(plan.Id.Application).PlanEnded(plan.Id, plan.Plan, plan.State, plan.Saga.Moved);
        return new SagaEvent.Told();
    }

    private async Task<PlacementView?> View() =>
        await WorldView.Take(grains, views, plan.Id.Application, policy.TrafficWindows, newest: true, clock) is { } view ? policy.In(view) : null;

    private int Started() => plan.Saga.Steps.Count(step => step is { Kind: StepKind.Start, State: StepState.Done });

    private VmRef VmOf(SagaStep step) => new(plan.Id.Application, step.Vm);

    // What runs, whatever its description says by now. Null: only a simulator can run it.
    private async Task<GuestSpec?> GuestOf(PlacementView view, VmRef vm, SiteId at)
    {
        var (spec, site) = (view.Application.Vms.Single(spec => spec.Id == vm.Vm), view.Sites.Single(known => known.Id == at));
        var guest = await grains.Vm(vm).StartedAs() is { } started ? GuestDescription.At(started, view.Application, site)
            : spec.Guest is not null ? GuestDescription.Of(view.Application, spec, site)
            : null;
        return guest is null ? null : await GivenAddresses.PutIn(grains, guest);
    }

    private static HostWishes Wishes(PlacementView view, VmId vm) => HostWishes.Of(vm, view.Groups, view.Application.Apart.Select(spread => spread.Vms));

    private static VmNeeds Needs(PlacementView view, VmId vm) => view.Application.Vms.Single(spec => spec.Id == vm).Needs;

    private double CoreHours(PlacementView view, VmId vm, Location at)
    {
        var offer = view.Sites.Single(site => site.Id == at.Site).OfferNamed(at.Offer)
            ?? view.Sites.Single(site => site.Id == at.Site).Withdrawn.First(gone => gone.Name == at.Offer);
        return offer.Vcpus * LeavingInTime.SecondsAt(plan.Plan, vm, at) / 3600;
    }
}
