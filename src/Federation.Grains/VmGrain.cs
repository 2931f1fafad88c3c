using System.Collections.Immutable;
using Federation.Contracts;
using Federation.Contracts.Access;
using Federation.Domain.Applications;
using Federation.Domain.Guests;
using Federation.Domain.Identity;
using Federation.Domain.Migration;
using Federation.Grains.Access;
using Microsoft.Extensions.Logging;

namespace Federation.Grains;

/// <inheritdoc cref="IVmGrain"/>
public sealed partial class VmGrain(
    [PersistentState("vm", GrainStateSerializer.StorageName)] IPersistentState<VmGrain.Stored> state,
    TimeProvider clock,
    ILogger<VmGrain> log) : Grain, IVmGrain
{
    private VmRef Ref => VmRef.Parse(this.GetPrimaryKeyString());

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (Here is { } place)
        {
            // A crash may have come before its host was told; the first host of a VM that has none noted is where it is.
            state.State.Stays = VmStay.Moved(state.State.Stays, place, clock.GetUtcNow());
            GrainFactory.Host(place).Arrived(Ref).Ignore();
        }

        TellSegment();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<VmStatus> Status() =>
        Task.FromResult(new VmStatus(state.State.At, state.State.Epoch, state.State.Host));

    /// <inheritdoc/>
    public async Task<long> NextEpoch(string reason)
    {
        if (state.State.EpochReason != reason)
        {
            state.State.Epoch++;
            state.State.EpochReason = reason;
            await this.Store(state);
        }

        return state.State.Epoch;
    }

    /// <inheritdoc/>
    public async Task<long> Own(VmPlace at, string reason, GuestSpec? started = null)
    {
        if (state.State.EpochReason != reason)
        {
            state.State.StartedAs = started ?? state.State.StartedAs;
            state.State.Epoch++;
            state.State.EpochReason = reason;
            // A site without hosts of its own may have been told the host by its administrator: that holds while the VM stays there.
            state.State.Host = at.Host ?? (at.At.Site == state.State.At?.Site ? state.State.Host : null);
            state.State.At = at.At;
            state.State.WasOnHost |= at.Host is not null;
            await Settle();
        }

        return state.State.Epoch;
    }

    /// <inheritdoc/>
    public Task<GuestSpec?> StartedAs() => Task.FromResult(state.State.StartedAs);

    /// <inheritdoc/>
    public async Task SetLocation(Location? at, long epoch)
    {
        if (epoch < state.State.Epoch || at == state.State.At)
        {
            return;
        }

        state.State.StartedAs = at is null ? null : state.State.StartedAs;
        // Which host of the new site it is on, nobody has told yet.
        state.State.Host = at?.Site == state.State.At?.Site ? state.State.Host : null;
        state.State.At = at;
        await Settle();
    }

    /// <inheritdoc/>
    public async Task Found(Location? at, long epoch)
    {
        // Whatever an epoch was given out for is over: the next reason gets a new one.
        (state.State.Epoch, state.State.EpochReason) = (Math.Max(state.State.Epoch, epoch), "found");
        state.State.StartedAs = at is null ? null : state.State.StartedAs;
        state.State.Host = at?.Site == state.State.At?.Site ? state.State.Host : null;
        state.State.At = at;
        await Settle();
    }

    /// <inheritdoc/>
    public async Task<bool> RunsOnHost(string? host)
    {
        var caller = CallerContext.Current;
        if (state.State.At is not { } at)
        {
            return caller.SeesAll ? false : throw new AccessDeniedException($"{Ref} is not at a site of {caller}");
        }

        if (!caller.Administrates(at.Site))
        {
            throw new AccessDeniedException($"{Ref} is not at a site of {caller}");
        }

        if (state.State.Host == host)
        {
            return true;
        }

        if (await GrainFactory.Site(at.Site).HostOf(Ref) is { } hosts && hosts.Host != host)
        {
            return false;
        }

        state.State.Host = host;
        await Settle();
        return true;
    }

    /// <inheritdoc/>
    public Task<HostPlace?> Place() => Task.FromResult(Here);

    /// <inheritdoc/>
    public Task<ImmutableArray<VmStay>> Stays() => Task.FromResult(state.State.Stays.IsDefault ? [] : state.State.Stays);

    private HostPlace? Here => state.State.At is { } at ? new HostPlace(at.Site, state.State.Host) : null;

    private async Task Settle()
    {
        state.State.Stays = VmStay.Moved(state.State.Stays, Here, clock.GetUtcNow());
        await this.Store(state);
        TellSegment();
        if (Here is { } place)
        {
            await GrainFactory.Host(place).Arrived(Ref);
        }
    }

    /// <summary>What is stored of a VM.</summary>
    public sealed class Stored
    {
        /// <summary>Where it runs; null: nowhere.</summary>
        public Location? At { get; set; }

        /// <summary>The host of its site that it runs on; null: not told.</summary>
        public string? Host { get; set; }

        /// <summary>As what it was started; null: it runs nowhere, or nobody has said.</summary>
        public GuestSpec? StartedAs { get; set; }

        /// <summary>Whether it was ever at a host that has an agent: its network hears where it is.</summary>
        public bool WasOnHost { get; set; }

        /// <summary>Where it was and is, oldest first.</summary>
        public ImmutableArray<VmStay> Stays { get; set; } = [];

        /// <summary>Counts what was done to it.</summary>
        public long Epoch { get; set; }

        /// <summary>What the newest epoch was given out for.</summary>
        public string? EpochReason { get; set; }
    }
}
