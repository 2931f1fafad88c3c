using System.Text.Json.Serialization;

namespace Federation.Api;

/// <summary>A host of a site.</summary>
/// <param name="Site">Its site.</param>
/// <param name="Host">Its name.</param>
/// <param name="State">ready, cordoned, draining, lost or fenced.</param>
/// <param name="HeardAt">When its agent was heard of last.</param>
/// <param name="Size">What its VMs may have in all.</param>
/// <param name="Used">What places take of it.</param>
/// <param name="Vms">The VMs that have places on it, those included that move to it from another host of the site.</param>
/// <param name="Hypervisor">Its hypervisor.</param>
/// <param name="Agent">The agent's version.</param>
public sealed record HostDocument(
    string Site, string Host, string State, DateTimeOffset HeardAt, HostAmountsDocument Size, HostAmountsDocument Used, HostVmDocument[] Vms,
    HypervisorDocument Hypervisor, string Agent)
{
    /// <summary>Since when it is not heard of; null: it is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? LostSince { get; init; }

    /// <summary>Who cordoned, drained or fenced it; null: nobody.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? OrderedBy { get; init; }

    /// <summary>When; null: nobody has.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? OrderedAt { get; init; }

    /// <summary>The plans by which VMs leave it while it is drained, the newest of each application.</summary>
    public HostDrainDocument[] Plans { get; init; } = [];
}

/// <summary>Amounts of a host.</summary>
/// <param name="Vcpus">vCPUs.</param>
/// <param name="MemoryBytes">Memory.</param>
/// <param name="DiskBytes">Disks.</param>
public sealed record HostAmountsDocument(long Vcpus, long MemoryBytes, long DiskBytes);

/// <summary>A VM that has a place on a host.</summary>
/// <param name="Application">Whose.</param>
/// <param name="Vm">The VM.</param>
/// <param name="Offer">The offer.</param>
/// <param name="State">reserved, confirmed, occupied, leaving; arriving: it moves here from another host of the site; lost: it runs here no more, and is being given up.</param>
/// <param name="Other">The host of the site that it leaves for, or comes from; null: none.</param>
public sealed record HostVmDocument(
    string Application, string Vm, string Offer, string State, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Other = null);

/// <summary>A plan by which an application's VMs leave a host.</summary>
/// <param name="Application">The application.</param>
/// <param name="Plan">The plan.</param>
/// <param name="AskedAt">When it was asked for.</param>
public sealed record HostDrainDocument(string Application, string Plan, DateTimeOffset AskedAt);

/// <summary>A host's hypervisor.</summary>
/// <param name="Driver">The driver.</param>
/// <param name="Version">The hypervisor's version.</param>
/// <param name="IsEmulated">Whether processors are emulated in software.</param>
/// <param name="Architectures">The architectures that VMs may have.</param>
/// <param name="CpuModels">The CPU models that VMs may have, the most capable first.</param>
/// <param name="Machines">The machine types that VMs may have, the newest first.</param>
/// <param name="MovesLive">Whether it moves VMs while they run.</param>
/// <param name="HoldsAtSwitch">Whether it holds at the switch until it is told to go on.</param>
/// <param name="MovesDisks">Whether it sends disks along.</param>
/// <param name="Remarks">What it promises less than others, and what it does by itself to be safe.</param>
public sealed record HypervisorDocument(
    string Driver, string Version, bool IsEmulated, string[] Architectures, string[] CpuModels, string[] Machines, bool MovesLive, bool HoldsAtSwitch, bool MovesDisks,
    string[] Remarks);

/// <summary>The token of a host's agent, in the answer that makes it and never again.</summary>
/// <param name="Site">The host's site.</param>
/// <param name="Host">The host.</param>
/// <param name="CreatedAt">When the token was made.</param>
/// <param name="Token">The token.</param>
public sealed record HostTokenDocument(string Site, string Host, DateTimeOffset CreatedAt, string Token);

/// <summary>What is typed at a VM's console, and what is asked of it.</summary>
/// <param name="Input">What is typed, base64; null: nothing.</param>
/// <param name="From">From which byte on is read; 0: the first one since somebody is at the console.</param>
/// <param name="Wait">How long to wait where there is nothing to read, seconds, from 0 to 10; null: not at all.</param>
public sealed record ConsoleRequest(string? Input, long From, double? Wait);

/// <summary>What a VM wrote to its serial console.</summary>
/// <param name="Output">The bytes, base64.</param>
/// <param name="From">The number of the first one.</param>
/// <param name="Next">From which byte on to read next.</param>
public sealed record ConsoleDocument(string Output, long From, long Next);
