using System.Collections.Immutable;
using Federation.Contracts;
using Federation.Domain.Access;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;
using Federation.Domain.Migration;
using Orleans.Concurrency;

namespace Federation.Grains;

/// <inheritdoc cref="IVmConsoleGrain"/>
/// <remarks>Reentrant: somebody types while somebody waits for what is written.</remarks>
[Reentrant]
public sealed class VmConsoleGrain(TimeProvider clock) : Grain, IVmConsoleGrain
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private VmRef Ref => VmRef.Parse(this.GetPrimaryKeyString());

    /// <inheritdoc/>
    public Task<ConsoleAnswer> Log(int bytes) =>
        Ask((operation, epoch) => new HostOrder.Log(operation, Ref, epoch, Math.Clamp(bytes, 1, IVmConsoleGrain.MostBytes)), Patience);

    /// <inheritdoc/>
    public Task<ConsoleAnswer> Type(ImmutableArray<byte> input, long from, TimeSpan wait)
    {
        var waits = wait < LongestWait ? wait : LongestWait;
        return input.Length > IVmConsoleGrain.MostInput
            ? Task.FromResult(new ConsoleAnswer(null, $"{input.Length} bytes are typed at once, more than {IVmConsoleGrain.MostInput}: send less at once"))
            : Ask((operation, epoch) => new HostOrder.Console(operation, Ref, epoch, input, from, waits.TotalSeconds), waits + Patience);
    }

    private async Task<ConsoleAnswer> Ask(Func<string, long, HostOrder> order, TimeSpan patience)
    {
        var status = await GrainFactory.Vm(Ref).Status();
        if (status.At is not { } at)
        {
            return new(null, $"{Ref} runs nowhere: it has no console until it is started");
        }

        if (status.Host is not { } host)
        {
            return new(null, $"{Ref} runs at {at.Site} on no named host: only VMs on hosts with an agent have a console");
        }

        try
        {
            // Each question is one of its own: what was typed twice is typed twice.
            var answer = await GrainFactory.Order(new HostPost(at.Site, host), order($"console {Guid.NewGuid():N}", status.Epoch), patience, clock, CancellationToken.None);
            return new(answer.Console ?? new([], 0), null);
        }
        catch (HypervisorException fault)
        {
            return new(null, fault.Message);
        }
    }
}
