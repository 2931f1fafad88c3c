using Federation.Contracts;
using Federation.Contracts.Access;
using Federation.Domain.Hosts;
using Federation.Domain.Networks;

namespace Federation.Grains;

/// <summary>The mailbox of a client, which has no VMs and is of one network only. Nothing is stored: its agent tells again and again how it is reached.</summary>
public sealed partial class AgentGrain
{
    private HostNetwork? client;
    private string? askedFrom;

    private bool IsClient => Here.Site == SegmentClients.Site;

    private HostNetwork? Network => IsClient ? client : reported.Report?.Facts.Network;

    /// <inheritdoc/>
    public async Task<ClientAnswer> Attach(ClientReport report, string from)
    {
        if (!SegmentClients.TryParse(new(Here.Site, Here.Host), out var application, out var name))
        {
            return new(null, null);
        }

        (heardAt, askedFrom) = (clock.GetUtcNow(), from);
        if (await GrainFactory.Segment(application).Client(name) is not { } known)
        {
            client = null;
            return new(null, null);
        }

        var (before, network) = (client, new HostNetwork(known.Below, report.Mtu) { Tunnels = report.Tunnels });
        var verdict = await GrainFactory.Segment(application).Attached(name, network);
        client = verdict.IsFeasible ? network : null;
        PassOn(before, client);
        return verdict.IsFeasible ? new(new(application, name, known.Below), null) : new(null, verdict.Refusal);
    }

    /// <inheritdoc/>
    public Task Detach()
    {
        client = null;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<ClientStanding> Standing() => Task.FromResult(new ClientStanding(IsHeard, heardAt, askedFrom, relaysHeard));

    private void RefuseClients()
    {
        if (IsClient)
        {
            throw new AccessDeniedException("this is for hosts' agents: a client of a network has no VMs");
        }
    }
}
