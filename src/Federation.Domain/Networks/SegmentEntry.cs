using System.Collections.Immutable;
using System.Globalization;
using Federation.Domain.Identity;

namespace Federation.Domain.Networks;

/// <summary>One network interface of a VM on its application's segment.</summary>
/// <param name="Vm">The VM.</param>
/// <param name="Nic">The interface's number, from 0.</param>
public readonly record struct SegmentPort(VmRef Vm, int Nic) : IComparable<SegmentPort>
{
    /// <summary>By VM, then by number.</summary>
    public int CompareTo(SegmentPort other) => Vm.CompareTo(other.Vm) is not 0 and var byVm ? byVm : Nic.CompareTo(other.Nic);

    /// <summary>The form that reads back: <c>astro/cg.3/vm1/0</c>.</summary>
    public string Key => string.Create(CultureInfo.InvariantCulture, $"{Vm.Key}/{Nic}");

    /// <summary>Reads a <see cref="Key"/>.</summary>
    /// <exception cref="FormatException">It is not of that form.</exception>
    public static SegmentPort Parse(string text) =>
        text.LastIndexOf('/') is > 0 and var slash && int.TryParse(text[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var nic)
            ? new(VmRef.Parse(text[..slash]), nic)
            : throw new FormatException($"'{text}' is not TENANT/APPLICATION.INCARNATION/VM/NIC");

    /// <summary>As <c>astro/cg/vm1 nic 0</c>.</summary>
    public override string ToString() => $"{Vm} nic {Nic}";
}

/// <summary>Where frames for one network interface go. Holds lists: compared by reference.</summary>
/// <param name="Port">The interface.</param>
/// <param name="Mac">Its hardware address.</param>
/// <param name="Addresses">Its IP addresses: who asks for them is answered at once, at his own host.</param>
/// <param name="Revision">The segment's revision at which the entry changed last.</param>
/// <param name="Epoch">The newest epoch of the VM that the service has heard of; it is <paramref name="At"/> since then or longer.</param>
/// <param name="At">The host that owns the VM; null: nobody does.</param>
public sealed record SegmentEntry(SegmentPort Port, Address Mac, ImmutableArray<Address> Addresses, long Revision, long Epoch, VtepId? At)
{
    /// <summary>The host that a move takes the VM to; null: it does not move.</summary>
    public VtepId? Next { get; init; }

    /// <summary>Hosts that had the VM before and send on what still arrives, until all others have acknowledged where it is now.</summary>
    /// <remarks>Never <see cref="At"/> nor <see cref="Next"/>. None before the host <see cref="At"/> has acknowledged that it has the VM, or that it comes: until then it may send on itself.</remarks>
    public ImmutableArray<VtepId> Former { get; init; } = [];
}

/// <summary>An end of the overlay's tunnels: a host of a site.</summary>
/// <param name="Site">The site.</param>
/// <param name="Host">The host's name at its site.</param>
public readonly record struct VtepId(SiteId Site, string Host) : IComparable<VtepId>
{
    /// <summary>Whether it is no host of a site, but a client of one application's segment.</summary>
    public bool IsClient => Site == SegmentClients.Site;

    /// <summary>By site, then by name.</summary>
    public int CompareTo(VtepId other) => Site.CompareTo(other.Site) is not 0 and var bySite ? bySite : NaturalOrder.Compare(Host, other.Host);

    /// <summary>Reads <c>rennes/host1</c>; <c>/</c>, which names no host, as a default value is written.</summary>
    /// <exception cref="FormatException">It is not of that form.</exception>
    public static VtepId Parse(string text) => text == "/" ? default : text.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash && slash < text.Length - 1
        ? new(new(text[..slash]), text[(slash + 1)..])
        : throw new FormatException($"'{text}' is not SITE/HOST");

    /// <summary>As <c>rennes/host1</c>.</summary>
    public override string ToString() => $"{Site}/{Host}";
}
