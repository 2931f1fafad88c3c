using Federation.Contracts;
using Federation.Domain.Identity;
using Federation.Domain.Migration;
using Federation.Domain.Plans;
using Microsoft.Extensions.Logging;

namespace Federation.Grains;

/// <summary>How a plan goes on by itself: what is due is done, and what came of it is stored before anything else is.</summary>
public sealed partial class PlanGrain
{
    private void GoOn()
    {
        if (Saga is { IsClosed: false } saga && !PlanSagas.Due(saga).IsEmpty)
        {
            worker ??= this.RegisterGrainTimer(_ => Drive(_ => true), new() { DueTime = TimeSpan.Zero, Period = RetryEvery, KeepAlive = true });
            worker.Change(TimeSpan.Zero, RetryEvery);
        }
        else
        {
            worker?.Dispose();
            worker = null;
        }
    }

    // Round after round, as long as something comes of it; what is under way is looked at again by the timer.
    private async Task Drive(Func<SagaCommand, bool> which)
    {
        while (true)
        {
            var before = Saga!;
            foreach (var command in PlanSagas.Due(before).Where(which))
            {
                if (await Do(command) is { } answer)
                {
                    await Take(answer);
                }
            }

            if (Saga!.State == before.State && PlanSagas.Due(Saga).SequenceEqual(PlanSagas.Due(before)))
            {
                break;
            }
        }

        if (PlanSagas.Due(Saga!).IsEmpty)
        {
            worker?.Dispose();
            worker = null;
        }
    }

    private async Task<SagaEvent?> Do(SagaCommand command)
    {
        try
        {
            return await new PlanWork(GrainFactory, views, hypervisor, clock, policy.Value, Now!, kept.State, World).Do(command);
        }
        catch (SiteOfflineException offline)
        {
            LogSiteOffline(Id, command, offline.Site);
            return null;
        }
        catch (HypervisorException fault)
        {
            LogFailed(fault, Id, command);
            return null;
        }
    }

    // Stored before anything is done with it.
    private async Task Take(SagaEvent happened)
    {
        var (before, now) = (Saga!, clock.GetUtcNow());
        var after = PlanSagas.On(before, happened, now);
        if (ReferenceEquals(after, before))
        {
            return;
        }

        life.State.Saga = after;
        if (happened is not SagaEvent.Woken || after.State != before.State)
        {
            life.State.Record = life.State.Record.Add(PlanEntry.Of(happened, after.State, now));
        }

        await this.Store(life);
        await Announce(before, after);
    }

    private async Task Announce(PlanSaga before, PlanSaga after)
    {
        foreach (var choice in after.Choices.Skip(before.Choices.Length))
        {
            await events.Record("plan.weighed", $"plan {Id.Key}: {PlanTexts.Of(choice)}", Id.Application);
        }

        if (PlanSagas.IsSettled(after) && !PlanSagas.IsSettled(before))
        {
            // Only now: whoever reads it finds the application free.
            await events.Record($"plan.{after.State.ToString().ToLowerInvariant()}", PlanTexts.Of(after), Id.Application);
        }

        if (after.State is not (PlanState.Waiting or PlanState.Applying) || (after.State == before.State && after.HasWaited == before.HasWaited))
        {
            return;
        }

        GrainFactory.Placement(Id.Application).PlanStarted(Id, after.State).Ignore();
        if (after.State == PlanState.Applying || after.HasWaited)
        {
            await events.Record($"plan.{after.State.ToString().ToLowerInvariant()}", PlanTexts.Of(after), Id.Application);
        }
    }

    [LoggerMessage(3001, LogLevel.Warning, "Plan {Plan} could not {Command}: it tries again")]
    private partial void LogFailed(Exception fault, PlanId plan, SagaCommand command);

    [LoggerMessage(3002, LogLevel.Warning, "Plan {Plan} could not {Command}, site {Site} is offline: it tries again")]
    private partial void LogSiteOffline(PlanId plan, SagaCommand command, string site);
}
