using System.Collections.Immutable;
using Federation.Contracts;
using Federation.Domain.Hosts;
using Federation.Domain.Networks;

namespace Federation.Grains;

/// <inheritdoc cref="IRelayGrain"/>
/// <remarks>
/// Begun anew, as on another silo, it says nothing until every mailbox has had the time to tell: agents keep what they have meanwhile. A book that holds half of the hosts
/// would have relays drop the other half.
/// </remarks>
public sealed class RelayGrain(TimeProvider clock) : Grain, IRelayGrain
{
    /// <summary>How long it only listens: mailboxes of agents may have to be opened anew as well.</summary>
    public static readonly TimeSpan Settles = TimeSpan.FromSeconds(30);

    private readonly Dictionary<VtepId, DateTimeOffset> toldAt = [];
    private readonly DateTimeOffset begunAt = clock.GetUtcNow();
    private RelayBook book = new();
    private Guid stamp = Guid.NewGuid();

    /// <inheritdoc/>
    public Task Told(VtepId host, HostNetwork network, ImmutableArray<VtepId> heard)
    {
        toldAt[host] = clock.GetUtcNow();
        Become(book.Told(host, network, heard));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task Left(VtepId host)
    {
        toldAt.Remove(host);
        Become(book.Without(host));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<RelayCopy?> Copy(Guid known)
    {
        foreach (var host in toldAt.Where(each => clock.GetUtcNow() - each.Value > IRelayGrain.Patience).Select(each => each.Key).ToList())
        {
            toldAt.Remove(host);
            Become(book.Without(host));
        }

        return Task.FromResult(clock.GetUtcNow() - begunAt < Settles ? new RelayCopy(Guid.Empty, null) : known == stamp ? null : new RelayCopy(stamp, book));
    }

    private void Become(RelayBook next)
    {
        stamp = ReferenceEquals(next, book) ? stamp : Guid.NewGuid();
        book = next;
    }
}
