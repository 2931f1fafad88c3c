using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Federation.Domain.Identity;

namespace Federation.Domain.Estimation;

/// <summary>VMs of one application that are to leave a host, whether or not that pays. Compared by reference.</summary>
/// <param name="Site">The host's site.</param>
/// <param name="Host">The host; of an advice, those that are to be emptied, as <c>h1, h3</c>.</param>
/// <param name="Vms">The VMs.</param>
public sealed record HostDrain(SiteId Site, string Host, ImmutableArray<VmId> Vms)
{
    /// <summary>Those of them for which another host of the site has room: they stay at the site. All others leave it.</summary>
    public ImmutableArray<VmId> Within { get; init; } = [];

    /// <summary>
    /// The host at the site where each of <see cref="Within"/> goes, and no other; null: the site picks it when the step begins. Not null: its site's
    /// administrators advise it, nobody has ordered it, and the application's owner decides.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableSortedDictionary<VmId, string>? Targets { get; init; }

    /// <summary>The VMs that leave the site.</summary>
    [JsonIgnore]
    public ImmutableArray<VmId> Elsewhere => Vms.RemoveAll(vm => Within.Contains(vm));
}
