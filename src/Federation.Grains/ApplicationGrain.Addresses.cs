using System.Collections.Immutable;
using Federation.Contracts;
using Federation.Domain.Identity;
using Federation.Domain.Networks;

namespace Federation.Grains;

/// <summary>Who belongs to the application, with the addresses that its network gave: whose traffic is whose is found by them.</summary>
public sealed partial class ApplicationGrain
{
    // The network tells when it gives one; what gets lost on the way is noticed then.
    private static readonly TimeSpan AskForAddressesEvery = TimeSpan.FromMinutes(1);

    private ImmutableSortedDictionary<VmId, ImmutableArray<Address>> given = ImmutableSortedDictionary<VmId, ImmutableArray<Address>>.Empty;
    private ImmutableSortedDictionary<VmId, PublicAnswer> publics = ImmutableSortedDictionary<VmId, PublicAnswer>.Empty;
    private (AppId Of, DateTimeOffset At)? learned;
    private (VirtualCluster Cluster, ImmutableSortedDictionary<VmId, ImmutableArray<Address>> Given, Guid Stamp)? roster;

    /// <inheritdoc/>
    public async Task<Roster> Roster(Guid known)
    {
        await LearnAddresses();
        if (Cluster.Application is not { } application)
        {
            return new(Id, Guid.Empty, null);
        }

        if (roster is not { } last || !ReferenceEquals(last.Cluster, Cluster) || !ReferenceEquals(last.Given, given))
        {
            roster = last = (Cluster, given, Guid.NewGuid());
        }

        return last.Stamp == known ? new(Id, known, null) : new(Id, last.Stamp, application, given);
    }

    /// <inheritdoc/>
    public Task Readdressed()
    {
        learned = null;
        return Task.CompletedTask;
    }

    private async Task LearnAddresses()
    {
        var now = clock.GetUtcNow();
        if (Known.Application is null || (learned is { } last && last.Of == Id && now - last.At < AskForAddressesEvery))
        {
            return;
        }

        learned = (Id, now);
        try
        {
            var next = await GrainFactory.Segment(Id).Given();
            publics = await GrainFactory.Segment(Id).Publics();
            given = next.Count == given.Count && next.All(vm => given.TryGetValue(vm.Key, out var same) && same.SequenceEqual(vm.Value)) ? given : next;
        }
        catch (Exception fault) when (fault is OrleansException or TimeoutException)
        {
            // What was known holds, and it is asked for again.
            learned = null;
        }
    }
}
