using System.Collections.Immutable;
using System.Text.Json;
using Federation.Contracts;
using Federation.Domain;
using Federation.Domain.Applications;
using Federation.Domain.Identity;
using Federation.Domain.Json;
using Federation.Domain.Reconciling;
using Federation.Domain.Refusals;

namespace Federation.Grains;

/// <summary>The one writer of an application: changes, deletions and plans, one at a time, each stored before anything is done.</summary>
public sealed partial class ApplicationGrain
{
    private const string ReminderName = "operation";
    private static readonly TimeSpan RemindEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RetryEvery = TimeSpan.FromSeconds(2);

    // Why changes were refused, for those who wait for the answer.
    private readonly Dictionary<long, ImmutableArray<Refusal>> refusals = [];
    private readonly SemaphoreSlim turn = new(1);

    // What is stored: calls that interleave never see what a write has not confirmed.
    private ApplicationState known = new();
    private Task work = Task.CompletedTask;
    private IGrainTimer? retry;

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        known = state.State;
        return Resume();
    }

    /// <inheritdoc/>
    public async Task<ApplicationChange> Apply(Application application, ChangeCondition? condition = null)
    {
        while (true)
        {
            var unable = await Unable(condition);
            var seen = known;
            application = application with { Id = Id with { Incarnation = seen.IncarnationOfNext } };
            if (seen.Application is { } old && Text(old) == Text(application) && condition is not { IsAbsent: true })
            {
                // Whatever is under way: it is in force already. One whose first answer was lost asks again with the version of before.
                return new(seen.Version, Created: false, Changed: false, []);
            }

            if (unable is not null)
            {
                return unable;
            }

            var look = await DescriptionLook.Take(GrainFactory, seen.Application, application);
            if (!look.Refused.IsEmpty)
            {
                return new(seen.Version, Created: false, Changed: false, look.Refused);
            }

            await Remember();
            if (await Begin(seen, () => seen.BeginChange(application, look.Adoptions, look.IsRunning, clock.GetUtcNow())))
            {
                return await Conclude(known.Operation!.Number, created: seen.Application is null);
            }
        }
    }

    /// <inheritdoc/>
    public async Task<ApplicationChange> Delete(ChangeCondition? condition = null)
    {
        while (known.Application is not null)
        {
            if (await Unable(condition) is { } refused)
            {
                return refused;
            }

            var seen = known;
            await Remember();
            if (seen.Application is not null && await Begin(seen, seen.BeginDelete))
            {
                return await Conclude(known.Operation!.Number, created: false);
            }
        }

        return (condition ?? ChangeCondition.None).Holds(null)
            ? new(null, Created: false, Changed: false, [])
            : new(null, Created: false, Changed: false, [Refusal.VersionDiffers(Id, null)]);
    }

    /// <inheritdoc/>
    public async Task<Verdict> BeginPlan(PlanId plan)
    {
        if (known.Operation is ApplicationOperation.Change or ApplicationOperation.Repair)
        {
            await Work();
        }

        Refusal? refusal = null;
        await Change(now =>
        {
            (var next, refusal) = now.BeginPlan(plan);
            return next;
        });
        return refusal is null ? Verdict.Feasible : Verdict.Reject(refusal);
    }

    /// <inheritdoc/>
    public Task EndPlan(PlanId plan) => Change(now => now.EndPlan(plan));

    /// <inheritdoc/>
    public Task<ApplicationLook> Look()
    {
        var named = Id.Named;
        var claim = (known.Operation as ApplicationOperation.CarryOut)?.Plan;
        var vms = known.Application?.Vms.Select(vm => vm.Id).ToImmutableHashSet();
        return Task.FromResult(new ApplicationLook(named, known.Incarnation, vms, known.Operation is not (null or ApplicationOperation.Repair), claim, Listed: null));
    }

    /// <inheritdoc/>
    public async Task<bool> Repair(ImmutableArray<Finding> findings)
    {
        foreach (var claim in findings.Select(finding => finding.Repair).OfType<Repair.EndClaim>())
        {
            await EndPlan(claim.Plan);
            await events.Record("doctor.repaired", $"plan {claim.Plan} has ended, its claim is gone", Id);
        }

        var begun = false;
        await Remember();
        await Change(now =>
        {
            begun = now.Operation is null;
            return begun ? now.BeginRepair(findings) : now;
        });
        if (begun)
        {
            await Work();
        }

        return begun;
    }

    /// <inheritdoc/>
    public Task RunsOn(TimeSpan left) => Change(now => now.Runs(left, clock.GetUtcNow()));

    /// <inheritdoc/>
    public Task Resume()
    {
        if (IsAtWork)
        {
            retry ??= this.RegisterGrainTimer(_ => Work(), new() { DueTime = TimeSpan.Zero, Period = RetryEvery, KeepAlive = true });
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        await Work();
        if (!IsAtWork)
        {
            await this.Forget(ReminderName);
        }
    }

    // Waits until nothing is under way; what stands against a change then, or what is under way for long.
    private async Task<ApplicationChange?> Unable(ChangeCondition? condition)
    {
        while (IsAtWork)
        {
            var stuck = known.Operation!.Number;
            await Work();
            if (known.Operation?.Number == stuck)
            {
                break;
            }
        }

        return known.Busy(Id) is { } busy ? new(known.Version, Created: false, Changed: false, [busy])
            : (condition ?? ChangeCondition.None).Holds(known.Version) ? null
            : new(known.Version, Created: false, Changed: false, [Refusal.VersionDiffers(Id, known.Version?.ToString())]);
    }

    // False: something else has begun meanwhile.
    private async Task<bool> Begin(ApplicationState seen, Func<ApplicationState> begin)
    {
        var begun = false;
        await Change(now =>
        {
            begun = ReferenceEquals(now, seen);
            return begun ? begin() : now;
        });
        return begun;
    }

    private async Task<ApplicationChange> Conclude(long number, bool created)
    {
        try
        {
            await Work();
            return refusals.TryGetValue(number, out var refused) ? new(known.Version, Created: false, Changed: false, refused)
                : new(known.Version, created, Changed: true, [], IsPending: known.Operation?.Number == number && !IsInForce);
        }
        finally
        {
            refusals.Remove(number);
        }
    }

    // One at a time in this activation; whoever asks meanwhile waits for the same.
    private Task Work() => work.IsCompleted ? work = WorkOn() : work;

    private async Task WorkOn()
    {
        try
        {
            await TakeSteps();
        }
        finally
        {
            // Whatever stopped it, it goes on by itself.
            await Resume();
        }
    }

    private async Task TakeSteps()
    {
        var steps = new ApplicationSteps(GrainFactory, hypervisor, events, clock);
        while (IsAtWork)
        {
            var seen = known;
            var next = seen.Operation switch
            {
                ApplicationOperation.Change change => await steps.Continue(seen, change),
                ApplicationOperation.Delete delete => await steps.Continue(seen, delete),
                var repair => await new Repairs(GrainFactory, hypervisor, events).Do(seen, (ApplicationOperation.Repair)repair!, Id.Named),
            };
            if (next is null)
            {
                return;
            }

            if (next.Operation is ApplicationOperation.Change { Stage: ChangeStage.GivingBack } refused)
            {
                refusals[refused.Number] = refused.Refused;
            }

            await Change(now => ReferenceEquals(now, seen) ? next : now);
        }

        retry?.Dispose();
        retry = null;
    }

    // Before the operation is stored: a crash leaves a reminder of nothing, never an operation that nobody goes on with.
    private Task<IGrainReminder> Remember() => this.RegisterOrUpdateReminder(ReminderName, RemindEvery, RemindEvery);

    private async Task Change(Func<ApplicationState, ApplicationState> step)
    {
        await turn.WaitAsync();
        try
        {
            var next = step(known);
            if (!ReferenceEquals(next, known))
            {
                state.State = next;
                await state.WriteStateAsync();
                known = next;
            }
        }
        finally
        {
            turn.Release();
        }
    }

    // A plan is carried out elsewhere.
    private bool IsAtWork => known.Operation is not (null or ApplicationOperation.CarryOut);

    private bool IsInForce => known.Operation is ApplicationOperation.Change { Stage: ChangeStage.Settling };

    private static string Text(Application application) => JsonSerializer.Serialize(application, DomainJson.Options);
}
