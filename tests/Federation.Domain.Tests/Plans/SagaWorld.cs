using System.Collections.Immutable;
using Federation.Domain.Identity;
using Federation.Domain.Plans;
using Federation.Domain.Refusals;

namespace Federation.Domain.Tests.Plans;

/// <summary>How a call ends that a plan makes.</summary>
internal enum CallEnd
{
    Good,
    Refused,

    // Done or not, nobody knows yet; a migration is still under way.
    Open,
    OpenButDone,
}

/// <summary>
/// All that a plan touches, as its owners see it: an application's slot, sites' approvals and places, VMs. Breaks off where a rule of theirs
/// is broken.
/// </summary>
internal sealed class SagaWorld
{
    public const int Vms = 4;

    private readonly Dictionary<SiteId, ApprovalProgress> approvals = [];
    private readonly HashSet<SiteId> everGiven = [];
    private readonly HashSet<VmId> kept = [];
    private readonly HashSet<VmId> arrived = [];
    private readonly Dictionary<int, bool> ended = [];
    private bool isChecked;

    public SagaWorld(bool places) => (At, Saga) = Begin(places);

    public static SiteId Manual { get; } = new("manual");

    public static SiteId AlsoManual { get; } = new("also-manual");

    public static SiteId Free { get; } = new("free");

    public static ImmutableSortedSet<SiteId> Touched { get; } = [Manual, AlsoManual, Free];

    /// <summary>Where each VM runs; null: nowhere.</summary>
    public Dictionary<VmId, SiteId?> At { get; }

    public PlanSaga Saga { get; set; }

    /// <summary>Who has the application: this plan is "plan"; null: nobody.</summary>
    public string? Slot { get; set; }

    public bool IsOrdered { get; set; }

    public bool HasRun => ended.Count > 0;

    public static VmId Vm(int number) => new($"vm{number}");

    public SagaEvent? Decide(SiteId site, ApprovalProgress to)
    {
        if (!approvals.TryGetValue(site, out var known) || known == to)
        {
            return null;
        }

        approvals[site] = to;
        if (to == ApprovalProgress.Given)
        {
            everGiven.Add(site);
            return new SagaEvent.ApprovalGiven(site);
        }

        return new SagaEvent.ApprovalLost(site, Refusal.ApprovalMissing("plan", [site]));
    }

    public SagaEvent? Do(SagaCommand command, CallEnd end) => command switch
    {
        SagaCommand.RequestApproval(var site) => Request(site),
        SagaCommand.DropApproval(var site) => Then(() => approvals.Remove(site), new SagaEvent.ApprovalDropped(site)),
        SagaCommand.ClaimSlot => Claim(),
        SagaCommand.ReleaseSlot => Then(() => Slot = Slot == "plan" ? null : Slot, new SagaEvent.SlotReleased()),
        SagaCommand.Check => Check(end),
        SagaCommand.KeepPlaces(var site) => Keep(site, end),
        SagaCommand.GiveBackPlaces(var site) => Then(() => kept.RemoveWhere(vm => !arrived.Contains(vm) && Goal(vm) == site), new SagaEvent.PlacesGivenBack(site)),
        SagaCommand.Run(var step) => Run(Saga.Steps[step - 1], end),
        SagaCommand.Weigh weigh => new SagaEvent.Weighed(weigh.Round, new((HalfWay)((int)end % 3), Saga.Trouble, [])),
        SagaCommand.Tell => Tell(),
        _ => throw new InvalidOperationException($"{command}"),
    };

    /// <summary>Holds at every moment.</summary>
    public void CheckPlaces()
    {
        foreach (var (vm, site) in At.Where(vm => Starts(vm.Key) && vm.Value is not null))
        {
            Rule(kept.Contains(vm), $"{vm} runs at {site} and has no place there");
        }

        Rule(Saga.Steps.Length <= 4 * (2 + PlanSagas.MostRetries) * 3, "steps are ordered without end");
    }

    /// <summary>Holds when the plan is closed.</summary>
    public void CheckEnd()
    {
        Rule(Slot != "plan", "the application's slot was not given back");
        Rule(approvals.Count == 0, "an approval is left at a site");
        Rule(kept.All(vm => At[vm] is not null), "a place is kept for a VM that does not run");
        foreach (var vm in At.Keys)
        {
            Rule(Saga.State != PlanState.Applied || At[vm] == Goal(vm), $"the plan was applied and {vm} is at {At[vm]}");
            Rule(Saga.State is not (PlanState.Rejected or PlanState.Superseded) || At[vm] == Origin(vm), $"{vm} was moved by a plan that never began");
        }
    }

    private static bool Starts(VmId vm) => vm == Vm(3) || vm == Vm(4);

    private static SagaEvent Then(Action action, SagaEvent answer)
    {
        action();
        return answer;
    }

    private static void Rule(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new InvalidOperationException(otherwise);
        }
    }

    private SagaEvent Request(SiteId site)
    {
        if (site == Free)
        {
            return new SagaEvent.ApprovalGiven(site);
        }

        approvals.TryAdd(site, ApprovalProgress.Requested);
        return approvals[site] == ApprovalProgress.Given ? new SagaEvent.ApprovalGiven(site) : new SagaEvent.ApprovalRequested(site);
    }

    private SagaEvent Claim()
    {
        Slot ??= "plan";
        return Slot == "plan" ? new SagaEvent.SlotGiven() : new SagaEvent.SlotRefused(Refusal.PlanBusy("other"));
    }

    private SagaEvent.Checked Check(CallEnd end)
    {
        isChecked = end != CallEnd.Refused;
        return new(isChecked ? Verdict.Feasible : Verdict.Reject(Refusal.PlanGainGone("plan", 1, 2)));
    }

    private SagaEvent Keep(SiteId site, CallEnd end)
    {
        if (end == CallEnd.Refused)
        {
            return new SagaEvent.PlacesRefused(site, Refusal.SiteUnavailable(site, default));
        }

        kept.UnionWith(At.Keys.Where(vm => Starts(vm) && Goal(vm) == site));
        return new SagaEvent.PlacesKept(site);
    }

    private SagaEvent? Run(SagaStep step, CallEnd end)
    {
        if (!ended.ContainsKey(step.Number))
        {
            Rule(Slot == "plan", "a step runs and the application is another's");
            Rule(IsOrdered, "a step runs and nobody has started the plan");
            Rule(isChecked, "a step runs and nobody has looked whether the plan still holds");
            Rule(everGiven.IsSupersetOf([Manual, AlsoManual]), "a step runs and a site has never approved");
            var isAway = step.Kind == StepKind.Start && At[step.Vm] == step.To?.Site;
            Rule(isAway || At[step.Vm] == step.From?.Site, $"{step.Vm} is at {At[step.Vm]}, step {step.Number} takes it from {step.From}");
            if (end is CallEnd.Open or CallEnd.OpenButDone && step.Kind != StepKind.Start)
            {
                return null;
            }

            if (step.Kind == StepKind.Start && !isAway && (end == CallEnd.Refused || !kept.Contains(step.Vm)))
            {
                ended[step.Number] = false;
            }
            else if (end == CallEnd.Refused && step.Kind == StepKind.Move)
            {
                ended[step.Number] = false;
            }
            else
            {
                At[step.Vm] = end == CallEnd.Open && !isAway ? At[step.Vm] : step.To?.Site;
                if (step.Kind == StepKind.Start && end is CallEnd.Open or CallEnd.OpenButDone)
                {
                    return new SagaEvent.StepUnknown(step.Number, Refusal.OutcomeUnknown(step.To!.Value.Site, new(Saga.Id.Application, step.Vm)));
                }

                ended[step.Number] = true;
                _ = step.Kind == StepKind.Stop ? kept.Remove(step.Vm) && arrived.Remove(step.Vm) : arrived.Add(step.Vm);
            }
        }

        return ended[step.Number] ? new SagaEvent.StepDone(step.Number) : new SagaEvent.StepFailed(step.Number, Refusal.Hypervisor("no"));
    }

    private SagaEvent.Told Tell()
    {
        Rule(!HasRun || Slot == "plan", "the placement learns how the plan ended after the application was given free");
        return new();
    }

    private SiteId? Goal(VmId vm) => Saga.Steps.Last(step => step.Vm == vm && !step.IsBack && step.Number <= First).To?.Site;

    private SiteId? Origin(VmId vm) => Saga.Steps.First(step => step.Vm == vm).From?.Site;

    // The steps of the plan itself; those that repeat them or take them back come after.
    private int First => Saga.Steps.Count(step => step.Of is null);

    // One VM goes straight, one by way of another site, two start.
    private static (Dictionary<VmId, SiteId?> At, PlanSaga Saga) Begin(bool places)
    {
        Location at(SiteId site) => new(site, "std");
        List<SagaStep> steps =
        [
            new(1, StepKind.Move, Vm(1), at(Free), at(Manual), 0, 10),
            new(2, StepKind.Move, Vm(2), at(Manual), at(Free), 0, 10),
            new(3, StepKind.Move, Vm(2), at(Free), at(AlsoManual), 10, 20),
        ];
        if (places)
        {
            steps.AddRange([
                new(4, StepKind.Start, Vm(3), null, at(Manual), 20, 20),
                new(5, StepKind.Start, Vm(4), null, at(Free), 20, 20),
            ]);
        }

        var saga = new PlanSaga { Id = new(new(new("astro"), "cg", 1), 1), Decision = places ? PlanDecision.Place : PlanDecision.Migrate, Steps = [.. steps] };
        var nowhere = places ? new Dictionary<VmId, SiteId?> { [Vm(3)] = null, [Vm(4)] = null } : [];
        return (new(nowhere) { [Vm(1)] = Free, [Vm(2)] = Manual }, saga);
    }
}
