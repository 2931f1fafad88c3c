using Federation.Domain.Guests;
using Federation.Domain.Identity;

namespace Federation.Actuation.Libvirt;

/// <summary>What the driver has done with a VM: libvirt does not know why a domain stands still. Holds a description with lists: compared by reference.</summary>
/// <param name="Guest">The VM, with the machine and the memory that it really has, without its user data.</param>
/// <param name="Phase">What was done last.</param>
/// <param name="Migration">The move that it takes or took part in here.</param>
/// <param name="Terms">What the move keeps to.</param>
/// <param name="To">Source: where the destination waits.</param>
/// <param name="Began">Source: when the sending began; of one that is not expected any more: since when it is not.</param>
/// <param name="Fault">Why the last transfer ended without arriving, or is about to.</param>
/// <param name="Last">How far the last transfer came.</param>
internal sealed record LibvirtRecord(
    GuestSpec Guest,
    LibvirtPhase Phase,
    MigrationId? Migration = null,
    TransferTerms? Terms = null,
    LibvirtTarget? To = null,
    DateTimeOffset? Began = null,
    string? Fault = null,
    TransferProgress? Last = null)
{
    /// <summary>The VM's domain. A domain's name has no slashes; no key has colons.</summary>
    public string Domain => NameOf(Guest.Vm);

    /// <summary>The name of a VM's domain.</summary>
    public static string NameOf(VmRef vm) => vm.Key.Replace('/', ':');
}

/// <summary>What was done last with a VM.</summary>
internal enum LibvirtPhase
{
    /// <summary>It was started here, or arrived and was told to run.</summary>
    Running,

    /// <summary>It is expected here.</summary>
    Receiving,

    /// <summary>It is sent from here: live, or it is being stopped for a cold move.</summary>
    Sending,

    /// <summary>All of it is at the destination; its copy here is gone.</summary>
    Sent,

    /// <summary>It was expected here and is not any more: what still arrives of it is ended.</summary>
    Unexpected,
}

/// <summary>Where a libvirt waits for a VM.</summary>
/// <param name="Peer">Its address for other libvirts.</param>
/// <param name="Memory">Where memory is sent to; null: as libvirt finds it.</param>
internal sealed record LibvirtTarget(string Peer, string? Memory)
{
    /// <summary>The target as the port has it.</summary>
    public TransferTarget Text => new(Memory is null ? Peer : $"{Peer} {Memory}");

    /// <summary>Reads one.</summary>
    public static LibvirtTarget Read(TransferTarget target)
    {
        var parts = target.Memory.Split(' ', 2);
        return new(parts[0], parts.ElementAtOrDefault(1));
    }
}
