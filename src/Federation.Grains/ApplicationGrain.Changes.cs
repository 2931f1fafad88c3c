using System.Collections.Immutable;
using System.Text.Json;
using Federation.Contracts;
using Federation.Domain;
using Federation.Domain.Applications;
using Federation.Domain.Identity;
using Federation.Domain.Json;
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
    private readonly SerialState<ApplicationState> stored = new(state);

    private Task work = Task.CompletedTask;
    private IGrainTimer? retry;

    private ApplicationState Known => stored.Now;

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken) => Resume();

    /// <inheritdoc/>
    public async Task<ApplicationChange> Apply(Application application, ChangeCondition? condition = null)
    {
        while (true)
        {
            var unable = await Unable(condition);
            var seen = Known;
            if (await IsInForceAlready(seen.Application, application) && condition is not { IsAbsent: true })
            {
                // Whatever is under way: it is in force already. One whose first answer was lost asks again with the version of before.
                return new(seen.Version, Created: false, Changed: false, []);
            }

            if (unable is not null)
            {
                return unable;
            }

            if (seen.Application is null && await SkipLives() is { } silent)
            {
                return new(null, Created: false, Changed: false, [silent]);
            }

            if (!ReferenceEquals(Known, seen))
            {
                continue;
            }

            application = application with { Id = Id with { Incarnation = seen.IncarnationOfNext } };
            var look = await DescriptionLook.Take(GrainFactory, seen.Application, application);
            if (!look.Refused.IsEmpty)
            {
                return new(seen.Version, Created: false, Changed: false, look.Refused);
            }

            await Remember();
            if (await stored.Change(seen, () => seen.BeginChange(application, look.Adoptions, look.IsRunning, clock.GetUtcNow())))
            {
                return await Conclude(Known.Operation!.Number, created: seen.Application is null);
            }
        }
    }

    /// <inheritdoc/>
    public async Task<ApplicationChange> Delete(ChangeCondition? condition = null)
    {
        while (Known.Application is not null)
        {
            if (await Unable(condition) is { } refused)
            {
                return refused;
            }

            var seen = Known;
            await Remember();
            if (seen.Application is not null && await stored.Change(seen, seen.BeginDelete))
            {
                return await Conclude(Known.Operation!.Number, created: false);
            }
        }

        return (condition ?? ChangeCondition.None).Holds(null)
            ? new(null, Created: false, Changed: false, [])
            : new(null, Created: false, Changed: false, [Refusal.VersionDiffers(Id, null)]);
    }

    /// <inheritdoc/>
    public async Task<Verdict> BeginPlan(PlanId plan)
    {
        if (Known.Operation is ApplicationOperation.Change or ApplicationOperation.Repair)
        {
            await Work();
        }

        Refusal? refusal = null;
        await stored.Change(now =>
        {
            (var next, refusal) = now.BeginPlan(plan);
            return next;
        });
        return refusal is null ? Verdict.Feasible : Verdict.Reject(refusal);
    }

    /// <inheritdoc/>
    public Task EndPlan(PlanId plan) => stored.Change(now => now.EndPlan(plan));

    /// <inheritdoc/>
    public Task RunsOn(TimeSpan left) => stored.Change(now => now.Runs(left, clock.GetUtcNow()));

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
            var stuck = Known.Operation!.Number;
            await Work();
            if (Known.Operation?.Number == stuck)
            {
                break;
            }
        }

        return Known.Busy(Id) is { } busy ? new(Known.Version, Created: false, Changed: false, [busy])
            : (condition ?? ChangeCondition.None).Holds(Known.Version) ? null
            : new(Known.Version, Created: false, Changed: false, [Refusal.VersionDiffers(Id, Known.Version?.ToString())]);
    }

    private async Task<ApplicationChange> Conclude(long number, bool created)
    {
        try
        {
            await Work();
            return refusals.TryGetValue(number, out var refused) ? new(Known.Version, Created: false, Changed: false, refused)
                : new(Known.Version, created, Changed: true, [], IsPending: Known.Operation?.Number == number && !IsInForce);
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
            var seen = Known;
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

            await stored.Change(seen, () => next);
        }

        retry?.Dispose();
        retry = null;
    }

    // Before the operation is stored: a crash leaves a reminder of nothing, never an operation that nobody goes on with.
    private Task<IGrainReminder> Remember() => this.RegisterOrUpdateReminder(ReminderName, RemindEvery, RemindEvery);

    // A plan is carried out elsewhere.
    private bool IsAtWork => Known.Operation is not (null or ApplicationOperation.CarryOut);

    // A VM that is to stop, and runs yet, is what its owner has to be told.
    private bool IsInForce => Known.Operation is ApplicationOperation.Change { Stage: ChangeStage.Settling, Removed.IsEmpty: true };

    private static string Text(Application application) => JsonSerializer.Serialize(application, DomainJson.Options);
}
