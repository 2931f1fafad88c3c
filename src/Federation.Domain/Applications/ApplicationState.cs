using System.Collections.Immutable;
using Federation.Domain.Identity;
using Federation.Domain.Reconciling;
using Federation.Domain.Refusals;

namespace Federation.Domain.Applications;

/// <summary>What is stored of an application: the description in force, and the one operation that is under way.</summary>
/// <remarks>
/// Immutable: each step gives the next state, or says why not. A step of an operation that is not under way any more changes nothing, so that
/// every step can be repeated. Compared by reference.
/// </remarks>
public sealed record ApplicationState
{
    /// <summary>The description in force; null before the first and after a deletion.</summary>
    public Application? Application { get; init; }

    /// <summary>Counts the lives of the name; 0 before the first.</summary>
    public int Incarnation { get; init; }

    /// <summary>Lives up to this one were in use, whatever <see cref="Incarnation"/> counts: they are not given out; 0: none is known.</summary>
    public int Skipped { get; init; }

    /// <summary>Counts the descriptions of this life; 0 if there is none.</summary>
    public long Revision { get; init; }

    /// <summary>How much of its run is left; null without a description.</summary>
    public RunProgress? Progress { get; init; }

    /// <summary>Counts the operations over all lives.</summary>
    public long Operations { get; init; }

    /// <summary>What is being done to it; null: nothing.</summary>
    public ApplicationOperation? Operation { get; init; }

    /// <summary>The version of the description in force; null: there is none.</summary>
    public ApplicationVersion? Version => Application is null ? null : new(Incarnation, Revision);

    /// <summary>Why nothing else can begin now; null: something can.</summary>
    public Refusal? Busy(AppId named) => Operation switch
    {
        null => null,
        ApplicationOperation.CarryOut carry => Refusal.PlanBusy(carry.Plan.Local),
        ApplicationOperation.Delete => Refusal.ApplicationDeleting(named),
        _ => Refusal.ApplicationChanging(named),
    };

    /// <summary>The incarnation that a description applied now would be of.</summary>
    public int IncarnationOfNext => Application is null ? Math.Max(Incarnation, Skipped) + 1 : Incarnation;

    /// <summary>The state in which the name's next life is later than one that was in use.</summary>
    public ApplicationState Skip(int newest) => newest > Math.Max(Incarnation, Skipped) ? this with { Skipped = newest } : this;

    /// <summary>Begins a change; one that adopts nothing is in force at once.</summary>
    /// <param name="next">The description, of <see cref="IncarnationOfNext"/>.</param>
    /// <param name="adoptions">The VMs to be taken over.</param>
    /// <param name="isRunning">Whether all VMs run once these are.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="InvalidOperationException">Another operation is under way, or the incarnation is another.</exception>
    public ApplicationState BeginChange(Application next, ImmutableArray<Adoption> adoptions, bool isRunning, DateTimeOffset now)
    {
        RequireIdle();
        if (next.Id.Incarnation != IncarnationOfNext)
        {
            throw new InvalidOperationException($"{next.Id.Key} is not incarnation {IncarnationOfNext}");
        }

        var change = new ApplicationOperation.Change(Operations + 1, next, adoptions, isRunning, ChangeStage.Reserving, MayRun: false, []);
        var begun = this with { Operations = change.Number, Operation = change };
        return adoptions.IsEmpty ? begun.Commit(change.Number, now) : begun;
    }

    /// <summary>Begins to take VMs out: the description without them is in force at once, then they stop.</summary>
    /// <param name="next">The description without them.</param>
    /// <param name="removed">The VMs, each with where it runs.</param>
    /// <param name="isRunning">Whether all VMs that are left run.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="InvalidOperationException">Another operation is under way, or the incarnation is another.</exception>
    public ApplicationState BeginRemoval(Application next, ImmutableArray<RemovedVm> removed, bool isRunning, DateTimeOffset now)
    {
        var begun = BeginChange(next, [], isRunning, now);
        return begun with { Operation = (ApplicationOperation.Change)begun.Operation! with { Removed = removed } };
    }

    /// <summary>All places are reserved: VMs may be started from now on.</summary>
    /// <param name="number">The operation.</param>
    /// <param name="ranBefore">The VMs that were found running where they are said to be.</param>
    public ApplicationState Reserved(long number, IReadOnlyCollection<VmId> ranBefore) =>
        Operation is ApplicationOperation.Change { Stage: ChangeStage.Reserving } change && change.Number == number
            ? this with
            {
                Operation = change with
                {
                    Stage = ChangeStage.Starting,
                    MayRun = true,
                    Adoptions = [.. change.Adoptions.Select(vm => vm with { RanBefore = ranBefore.Contains(vm.Vm) })],
                },
            }
            : this;

    /// <summary>The description is in force from now on: every place is confirmed, every adopted VM runs.</summary>
    public ApplicationState Commit(long number, DateTimeOffset now)
    {
        if (Operation is not ApplicationOperation.Change { Stage: ChangeStage.Reserving or ChangeStage.Starting } change || change.Number != number
            || (change.Stage == ChangeStage.Reserving && !change.Adoptions.IsEmpty))
        {
            return this;
        }

        return this with
        {
            Application = change.Next,
            Incarnation = change.Next.Id.Incarnation,
            Revision = Revision + 1,
            Progress = this is { Application: { } before, Progress: { } progress }
                ? progress.Described(before, change.Next, change.IsRunning, now)
                : RunProgress.Of(change.Next, change.IsRunning, now),
            Operation = change with { Stage = ChangeStage.Settling },
        };
    }

    /// <summary>The change is refused: nothing of it is in force, and what it holds is given back. Too late once it is in force.</summary>
    public ApplicationState Refuse(long number, ImmutableArray<Refusal> refused) =>
        Operation is ApplicationOperation.Change { Stage: ChangeStage.Reserving or ChangeStage.Starting } change && change.Number == number
            ? this with { Operation = change with { Stage = ChangeStage.GivingBack, Refused = refused } }
            : this;

    /// <summary>Everybody has been told of the change, or everything was given back.</summary>
    public ApplicationState EndChange(long number) =>
        Operation is ApplicationOperation.Change { Stage: ChangeStage.Settling or ChangeStage.GivingBack } change && change.Number == number
            ? this with { Operation = null }
            : this;

    /// <summary>Begins to delete the application.</summary>
    /// <exception cref="InvalidOperationException">Another operation is under way, or there is no application.</exception>
    public ApplicationState BeginDelete()
    {
        RequireIdle();
        return Application is null
            ? throw new InvalidOperationException("there is nothing to delete")
            : this with { Operations = Operations + 1, Operation = new ApplicationOperation.Delete(Operations + 1) };
    }

    /// <summary>Nothing is left of this life. The incarnation stays, so that the name's next life is another one.</summary>
    public ApplicationState EndDelete(long number) => Operation is ApplicationOperation.Delete delete && delete.Number == number
        ? this with { Application = null, Revision = 0, Progress = null, Operation = null }
        : this;

    /// <summary>Begins to carry a plan out; a plan that has begun already may begin again.</summary>
    public (ApplicationState Next, Refusal? Refusal) BeginPlan(PlanId plan) =>
        Operation is ApplicationOperation.CarryOut carry && carry.Plan == plan ? (this, null)
        : Application is null || plan.Application.Incarnation != Incarnation ? (this, Refusal.ApplicationDeleted(plan.Application))
        : Busy(plan.Application) is { } busy ? (this, busy)
        : (this with { Operations = Operations + 1, Operation = new ApplicationOperation.CarryOut(Operations + 1, plan) }, null);

    /// <summary>The plan has ended; of another plan it says nothing.</summary>
    public ApplicationState EndPlan(PlanId plan) =>
        Operation is ApplicationOperation.CarryOut carry && carry.Plan == plan ? this with { Operation = null } : this;

    /// <summary>Begins to repair what does not fit together, of any life of the name.</summary>
    /// <exception cref="InvalidOperationException">Another operation is under way.</exception>
    public ApplicationState BeginRepair(ImmutableArray<Finding> findings)
    {
        RequireIdle();
        return this with { Operations = Operations + 1, Operation = new ApplicationOperation.Repair(Operations + 1, findings) };
    }

    /// <summary>The repairs are done.</summary>
    /// <param name="number">The operation.</param>
    /// <param name="newest">The newest life that anybody has seen: the next one is later.</param>
    public ApplicationState EndRepair(long number, int newest) => Operation is ApplicationOperation.Repair repair && repair.Number == number
        ? Skip(newest) with { Operation = null }
        : this;

    /// <summary>All VMs run now where a plan has put them, and that much run time is left there.</summary>
    public ApplicationState Runs(TimeSpan left, DateTimeOffset now) =>
        Progress is { } progress ? this with { Progress = progress.Runs(left, now) } : this;

    private void RequireIdle()
    {
        if (Operation is not null)
        {
            throw new InvalidOperationException($"operation {Operation.Number} is under way");
        }
    }
}
