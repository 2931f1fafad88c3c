using System.Collections.Immutable;
using Federation.Domain.Guests;
using Federation.Domain.Hosts;
using Federation.Host.Journaling;
using Federation.Sensor.Daemon;
using Microsoft.Extensions.Logging;

namespace Federation.Host.Reporting;

/// <summary>Makes reports of what is true now. For one thread.</summary>
/// <param name="driver">Says which VMs are here.</param>
/// <param name="journal">Says their epochs.</param>
/// <param name="outbox">What became of orders.</param>
/// <param name="facts">What the host is.</param>
/// <param name="run">Names this run of the agent.</param>
/// <param name="log">Hears where the hypervisor does not answer.</param>
internal sealed class HostReports(IHypervisorDriver driver, OrderJournal journal, AnswerOutbox outbox, Func<HostFacts> facts, Guid run, ILogger log)
{
    private ImmutableArray<GuestSighting> last = [];
    private readonly LastFault failure = new();
    private long number;

    /// <summary>The VMs that the last report had.</summary>
    public ImmutableArray<GuestSighting> Guests => last;

    /// <summary>How many reports were made.</summary>
    public long Number => Interlocked.Read(ref number);

    /// <summary>A report. What it says of VMs was looked at after what its answers are about was done.</summary>
    public async Task<HostReport> Make(CancellationToken cancel)
    {
        var answers = outbox.Look();
        last = await Find(cancel);
        return new(facts(), [.. last.Select(guest => new HostGuest(guest, journal.EpochOf(guest.Vm)))], answers, Interlocked.Increment(ref number), run)
        {
            // Of VMs that cannot be seen nothing is cleared.
            Remains = failure.IsOver ? await driver.Remains(cancel) : [],
        };
    }

    // A VM that cannot be seen is not gone: it may do anything.
    private async Task<ImmutableArray<GuestSighting>> Find(CancellationToken cancel)
    {
        try
        {
            var found = await driver.Find(cancel);
            failure.Over();
            return found;
        }
        catch (DriverException fault)
        {
            failure.Is(fault.Message, log.NotFound);
            return [.. last.Select(guest => guest with { State = GuestState.Silent, Remark = fault.Message })];
        }
    }
}
