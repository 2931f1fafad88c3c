using System.Collections.Immutable;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;

namespace Federation.Host.Consoles;

/// <summary>Does what is ordered at VMs' serial consoles. A console is connected to by the first order, and left when nobody asks for it any more. For all threads.</summary>
/// <param name="driver">Has the consoles, if it is one of those that do.</param>
/// <param name="clock">Tells the time.</param>
public sealed class ConsoleDesk(IHypervisorDriver driver, TimeProvider clock) : IAsyncDisposable
{
    /// <summary>How long a console stays connected that nobody asks for.</summary>
    public static readonly TimeSpan LeftAfter = TimeSpan.FromMinutes(1);

    private const int MostBytes = 64 << 10;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim gate = new(1);
    private readonly Dictionary<VmRef, (ConsoleSession Session, DateTimeOffset AskedAt)> sessions = [];

    /// <summary>Does an order to a console or for its log.</summary>
    public async Task<HostAnswer> Do(HostOrder order, CancellationToken cancel)
    {
        if (driver is not IGuestConsoles consoles)
        {
            return new(order.Operation, HostOutcome.Refused, "the hypervisor of this host has no serial consoles");
        }

        try
        {
            return new(order.Operation, HostOutcome.Done, Console: await Text(consoles, order, cancel));
        }
        catch (Exception fault) when (fault is DriverException or IOException)
        {
            return new(order.Operation, HostOutcome.Failed, fault.Message);
        }
    }

    /// <summary>Leaves the consoles that nobody asks for any more.</summary>
    public async Task Leave()
    {
        await gate.WaitAsync();
        try
        {
            foreach (var (vm, (session, askedAt)) in sessions.ToList())
            {
                if (session.HasEnded || clock.GetUtcNow() - askedAt > LeftAfter)
                {
                    sessions.Remove(vm);
                    await session.DisposeAsync();
                }
            }
        }
        finally
        {
            gate.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var (session, _) in sessions.Values)
        {
            await session.DisposeAsync();
        }

        gate.Dispose();
    }

    private async Task<ConsoleText> Text(IGuestConsoles consoles, HostOrder order, CancellationToken cancel)
    {
        if (order is HostOrder.Log log)
        {
            var bytes = await consoles.ReadLog(log.Vm, Math.Clamp(log.Bytes, 1, MostBytes), cancel);
            return new(ImmutableArray.Create(bytes), 0);
        }

        var console = (HostOrder.Console)order;
        var session = await SessionOf(consoles, console.Vm, cancel);
        if (!console.Input.IsDefaultOrEmpty)
        {
            await session.Type(console.Input, cancel);
        }

        var wait = TimeSpan.FromSeconds(Math.Clamp(console.WaitSeconds, 0, LongestWait.TotalSeconds));
        return await session.Take(console.From, MostBytes, wait, clock, cancel);
    }

    private async Task<ConsoleSession> SessionOf(IGuestConsoles consoles, VmRef vm, CancellationToken cancel)
    {
        await gate.WaitAsync(cancel);
        try
        {
            if (sessions.TryGetValue(vm, out var known) && known.Session.HasEnded)
            {
                sessions.Remove(vm);
                await known.Session.DisposeAsync();
            }

            var session = sessions.TryGetValue(vm, out var there) ? there.Session : new ConsoleSession(await consoles.OpenConsole(vm, cancel));
            sessions[vm] = (session, clock.GetUtcNow());
            return session;
        }
        finally
        {
            gate.Release();
        }
    }
}
