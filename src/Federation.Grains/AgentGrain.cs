using Federation.Contracts;
using Federation.Domain.Access;
using Federation.Domain.Guests;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;
using Federation.Grains.Hosts;
using Federation.Grains.Placing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace Federation.Grains;

/// <inheritdoc cref="IAgentGrain"/>
/// <remarks>Reentrant: reports and questions for orders come while callers wait for answers. It decides nothing for its site, and lives elsewhere while that has no silo.</remarks>
[Reentrant, NearSitePlacement]
public sealed partial class AgentGrain(TimeProvider clock, SiteViews sites, RelayBooks relays, EventRecorder events, IHostApplicationLifetime silo, ILogger<AgentGrain> log) : Grain, IAgentGrain, ILeavingGrain, IDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(20);

    // So long at least whoever asks a mailbox that closes waits until the next question.
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(50);

    private readonly AgentMailbox mailbox = new(clock);
    private readonly ReportedGuests reported = new(clock.GetUtcNow().Ticks);
    private readonly DateTimeOffset openedAt = clock.GetUtcNow();
    // A silo that is stopped waits until its grains have answered.
    private readonly CancellationTokenSource closing = CancellationTokenSource.CreateLinkedTokenSource(silo.ApplicationStopping);
    private readonly WindowSignal ordered = new();
    private readonly WindowSignal changed = new();
    private DateTimeOffset? reportedAt;
    private DateTimeOffset? heardAt;
    private DateTimeOffset? renewedAt;
    private StrayCopies? strays;
    private HostReport? untold;
    private bool isTelling;

    private HostPost Here => GrainKeys.TryParseHost(this.GetPrimaryKeyString()) ?? throw new InvalidOperationException($"{this.GetPrimaryKeyString()} is no host");

    private StrayCopies Strays => strays ??= new(Here, clock);

    /// <inheritdoc/>
    public Task Report(HostReport report)
    {
        RefuseClients();
        heardAt = clock.GetUtcNow();
        var before = reported.Report?.Facts.Network;
        if (!reported.Take(report))
        {
            return Task.CompletedTask;
        }

        PassOn(before, report.Facts.Network);
        // The state first: whoever gets an answer and then looks sees what was done.
        reportedAt = heardAt;
        changed.Raise();
        foreach (var answer in report.Answers)
        {
            mailbox.Answer(answer);
        }

        Tell(report).Ignore();
        foreach (var migration in report.Guests.Select(guest => guest.Sighting).Where(StandsStill).Select(copy => copy.Transfer!.Migration))
        {
            // Nobody may be at work on it: its grain may have been at a silo that is gone.
            GrainFactory.Migration(migration).GoOn().Ignore();
        }

        foreach (var copy in Strays.Suspects(report))
        {
            End(copy).Ignore();
        }

        foreach (var vm in report.Remains)
        {
            Clear(vm).Ignore();
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task<HostOrders> Orders(Guid mailbox, long after, TimeSpan wait)
    {
        RefuseClients();
        heardAt = clock.GetUtcNow();
        var begun = clock.GetTimestamp();
        while (true)
        {
            var next = ordered.Next;
            var (orders, last) = this.mailbox.HandOut(mailbox, after);
            // Whoever knows another mailbox of this host has told that one how it is: it is told at once that this one knows nothing.
            var isStranger = mailbox != Guid.Empty && mailbox != this.mailbox.Id;
            if (orders.Length > 0 || isStranger || !await Wait(next, wait, begun))
            {
                // Whether whoever asked is still there is not known: the next question tells.
                return new(Here.Site, Here.Host, orders) { Mailbox = this.mailbox.Id, Last = last };
            }
        }
    }

    /// <inheritdoc/>
    public async Task<OrderResult> Do(HostOrder order, TimeSpan wait)
    {
        var letter = mailbox.Put(order);
        ordered.Raise();
        try
        {
            await Wait(letter.Answered.Task, wait, clock.GetTimestamp());
            return new(letter.Answered.Task.IsCompletedSuccessfully ? await letter.Answered.Task : null, letter.WasHandedOut);
        }
        finally
        {
            mailbox.Leave(letter);
        }
    }

    /// <inheritdoc/>
    public Task<AgentStatus> Status() => Task.FromResult(new AgentStatus(reported.Report, reportedAt, heardAt, openedAt, IsHeard));

    /// <inheritdoc/>
    public Task Renew()
    {
        RefuseClients();
        renewedAt = heardAt = clock.GetUtcNow();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<TimeSpan> Unrenewed() => Task.FromResult(clock.GetUtcNow() - (renewedAt ?? openedAt));

    /// <inheritdoc/>
    public async Task<GuestView> Watch(VmRef vm, long known, TimeSpan wait)
    {
        var begun = clock.GetTimestamp();
        while (true)
        {
            var next = changed.Next;
            if (reported.StampOf(vm) != known || !await Wait(next, wait, begun))
            {
                return new(reported.Of(vm), reported.StampOf(vm), reportedAt, IsHeard, reported.Report?.Facts.Boot);
            }
        }
    }

    /// <inheritdoc/>
    /// <remarks>Who waits is told at once that there is no answer yet, and asks again where the mailbox is then.</remarks>
    public void Leave() => closing.CancelAsync().Ignore();

    /// <inheritdoc/>
    public void Dispose() => closing.Dispose();

    private static bool StandsStill(GuestSighting copy) => copy is { State: GuestState.AtSwitch or GuestState.Sending or GuestState.Sent, Transfer: not null };

    private bool IsHeard => heardAt is { } at && clock.GetUtcNow() - at <= AgentStatus.LongestSilence;

    private TimeSpan Left(TimeSpan wait, long begun) => (wait < LongestWait ? wait : LongestWait) - clock.GetElapsedTime(begun);

    // False: there is nothing more to wait for, the time is over or the grain leaves.
    private async Task<bool> Wait(Task signal, TimeSpan wait, long begun)
    {
        if (Left(wait, begun) <= TimeSpan.Zero)
        {
            return false;
        }

        try
        {
            await WindowSignal.Wait(signal, Left(wait, begun), clock, closing.Token);
            return true;
        }
        catch (OperationCanceledException) when (closing.IsCancellationRequested)
        {
            await Task.Delay(Moment, clock);
            return false;
        }
    }

    // The site hears of one after another, and of the newest where several came meanwhile.
    private async Task Tell(HostReport report)
    {
        untold = report;
        if (isTelling)
        {
            return;
        }

        isTelling = true;
        try
        {
            while (untold is { } next)
            {
                untold = null;
                await GrainFactory.Site(Here.Site).HostReported(Here.Host, next);
            }
        }
        catch (Exception fault)
        {
            // The next report tells all.
            LogNotTold(log, fault, Here.ToString());
        }
        finally
        {
            isTelling = false;
        }
    }

    private async Task End(HostGuest suspect)
    {
        var vm = suspect.Sighting.Vm;
        try
        {
            var owner = await GrainFactory.Vm(vm).Status();
            var place = await GrainFactory.Site(Here.Site).HostOf(vm);
            // A newer report may say otherwise: the owner is changed only after one that this host has stopped has come.
            if (reported.Of(vm) is { } copy && Strays.EndOf(copy, owner, place) is { } order)
            {
                await events.Record("host.stray", $"host {Here} has a copy of {vm} of epoch {copy.Epoch}, and {(owner.At is { } at ? $"{at.Site}/{owner.Host}" : "nobody")} owns the VM since epoch {owner.Epoch}: it is stopped", vm.Application, Here.Site);
                await Do(order, LongestWait);
            }
        }
        catch (Exception fault)
        {
            LogNotEnded(log, fault, vm.Key, Here.ToString());
        }
    }

    private async Task Clear(VmRef vm)
    {
        try
        {
            var owner = await GrainFactory.Vm(vm).Status();
            if (Strays.ClearOf(vm, owner, await GrainFactory.Site(Here.Site).HostOf(vm)) is { } order)
            {
                await Do(order, LongestWait);
            }
        }
        catch (Exception fault)
        {
            LogNotEnded(log, fault, vm.Key, Here.ToString());
        }
    }

    [LoggerMessage(3202, LogLevel.Warning, "The site of host {Host} does not hear how the host is; it is told with its next report")]
    private static partial void LogNotTold(ILogger log, Exception fault, string host);

    [LoggerMessage(3201, LogLevel.Warning, "Whether the copy of {Vm} at host {Host} is one of the VM's owner could not be found out: it is looked at again with its next change")]
    private static partial void LogNotEnded(ILogger log, Exception fault, string vm, string host);
}
