using System.Collections.Immutable;
using Federation.Contracts;
using Federation.Domain;
using Federation.Domain.Access;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;
using Federation.Domain.Networks;
using Federation.Domain.Refusals;

namespace Federation.Grains;

/// <summary>Machines of users on the network.</summary>
public sealed partial class SegmentGrain
{
    // Of those that are there. Nothing is stored: their agents ask again and again.
    private readonly Dictionary<string, Refusal> clientsRefused = [];

    /// <inheritdoc/>
    public async Task<ClientChange> Admit(string name, ImmutableArray<Address> addresses, string tokenHash)
    {
        if (Now is not { HasEnded: false })
        {
            return new(null, null, Refusal.ClientsNeedNetwork(Id));
        }

        var (taken, now, refusal) = (SegmentBeginning.NamedBy(await GrainFactory.Application(Id).Description()), clock.GetUtcNow(), (Refusal?)null);
        await Change(register =>
        {
            (register, refusal) = register.Admitted(name, addresses, tokenHash, taken, now);
            return register;
        });
        if (refusal is not null || Now?.Clients.GetValueOrDefault(name) is not { } client)
        {
            return new(null, null, refusal ?? Refusal.ClientsNeedNetwork(Id));
        }

        await events.Record("network.client", $"client {name} may join the network of {Id} as {string.Join(", ", client.Addresses)}", Id);
        return new(client, SegmentClients.MacOf(Now.Vni, client.Slot), null);
    }

    /// <inheritdoc/>
    public async Task<bool> Dismiss(string name)
    {
        if (Now is not { HasEnded: false } register || !register.Clients.ContainsKey(name))
        {
            return false;
        }

        await Change(known => known.Dismissed(name));
        clientsRefused.Remove(name);
        await Detach([name]);
        await events.Record("network.client", $"client {name} is on the network of {Id} no more", Id);
        return true;
    }

    /// <inheritdoc/>
    public Task<SegmentClient?> Client(string name) => Task.FromResult(Now is { HasEnded: false } register ? register.Clients.GetValueOrDefault(name) : null);

    /// <inheritdoc/>
    public async Task<Verdict> Attached(string name, HostNetwork network)
    {
        if (Now is not { HasEnded: false } register || !register.Clients.ContainsKey(name))
        {
            return Verdict.Reject(Refusal.ClientUnknown(Id, name));
        }

        if (network.InnerMtu < register.Mtu)
        {
            return Verdict.Reject(clientsRefused[name] = Refusal.ClientMtu(Id, name, network.Mtu, network.Mtu + register.Mtu - network.InnerMtu));
        }

        clientsRefused.Remove(name);
        if (!network.Tunnels.IsEmpty)
        {
            await Change(known => known.Attached(name, network));
        }

        return Verdict.Feasible;
    }

    private async Task<ImmutableArray<ClientStatus>> ClientsOf(SegmentRegister register) =>
    [
        .. await Task.WhenAll(register.Clients.Select(async client => new ClientStatus(
            client.Key, client.Value, SegmentClients.MacOf(register.Vni, client.Value.Slot), await MailboxOf(client.Key).Standing(), clientsRefused.GetValueOrDefault(client.Key)))),
    ];

    // What a mailbox tells relays of, it tells no more; where this fails, it is forgotten there within a minute.
    private async Task Detach(IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            await MailboxOf(name).Detach();
            await GrainFactory.Relays().Left(SegmentClients.IdOf(Id, name));
        }
    }

    private IAgentGrain MailboxOf(string name) => GrainFactory.Agent(new HostPost(SegmentClients.Site, SegmentClients.IdOf(Id, name).Host));
}
