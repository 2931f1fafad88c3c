using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Refusals;
using Federation.Domain.Sites;

namespace Federation.Domain.Consolidation;

/// <summary>Which of a site's hosts can be emptied, and how. Holds lists: compared by reference.</summary>
/// <param name="Site">The site.</param>
/// <param name="InUse">How many of its hosts have VMs now.</param>
/// <param name="Bound">How many have to have some at least, whatever moves from host to host of the site.</param>
/// <param name="IsProven">Whether moves from host to host of the site can empty no more.</param>
/// <param name="Emptied">The hosts that would be empty, by name.</param>
/// <param name="Moves">What moves for that, by VM.</param>
/// <param name="Held">The hosts that would not be empty, by name, with what holds them.</param>
public sealed record SiteAdvice(
    SiteId Site, int InUse, int Bound, bool IsProven, ImmutableArray<string> Emptied, ImmutableArray<AdvisedMove> Moves, ImmutableArray<HeldHost> Held)
{
    /// <summary>What a host of the site takes at rest, W; null: its file does not say.</summary>
    public double? WattsPerHost { get; init; }

    /// <summary>The plans that were proposed, by application; empty: none was asked for.</summary>
    public ImmutableArray<PlanId> Plans { get; init; } = [];

    /// <summary>The applications for which no plan could be asked for, and why.</summary>
    public ImmutableArray<NotProposed> NotProposed { get; init; } = [];

    /// <summary>What is saved once the hosts that are empty are switched off, W; null: not known. VMs take the power of their vCPUs along.</summary>
    [JsonIgnore]
    public double? WattsSaved => WattsPerHost * Emptied.Length;
}

/// <summary>A move that is advised.</summary>
/// <param name="Vm">The VM.</param>
/// <param name="From">The host that it leaves.</param>
/// <param name="To">The host of the same site where it goes; null: it goes to another site.</param>
/// <param name="At">The place at another site where it goes; null: it stays at the site.</param>
/// <param name="Estimate">What the move sends and takes.</param>
public sealed record AdvisedMove(VmRef Vm, string From, string? To, Location? At, MigrationEstimate Estimate);

/// <summary>A host that would not be empty.</summary>
/// <param name="Host">Its name.</param>
/// <param name="State">What it is good for: the VMs of one that is draining, lost or fenced are not for an advice.</param>
/// <param name="Why">What holds its VMs: why each of those stays that have to, else why the largest that finds no place does not.</param>
public sealed record HeldHost(string Host, HostState State, ImmutableArray<HeldVm> Why);

/// <summary>A VM that is left where it is.</summary>
/// <param name="Vm">The VM.</param>
/// <param name="Refusal">Why.</param>
public sealed record HeldVm(VmRef Vm, Refusal Refusal);

/// <summary>An application for which no plan could be asked for.</summary>
/// <param name="Application">The application.</param>
/// <param name="Refusal">Why.</param>
public sealed record NotProposed(AppId Application, Refusal Refusal);

/// <summary>What would empty one more host. Holds lists: compared by reference.</summary>
/// <param name="Within">The moves to other hosts of the site.</param>
/// <param name="Leaving">The VMs that would have to leave the site.</param>
public sealed record HostRest(ImmutableArray<AdvisedMove> Within, ImmutableArray<VmRef> Leaving);
