using System.Collections.Immutable;
using Federation.Domain.Identity;
using Federation.Domain.Sites;

namespace Federation.Domain.Consolidation;

/// <summary>A host whose VMs are to be packed with others'.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Size">What its VMs may have in all.</param>
/// <param name="Used">What places take of it now, whatever becomes of them.</param>
/// <param name="TakesVms">Whether VMs may come.</param>
/// <param name="MayBeEmptied">Whether it is in use and none of its VMs has to stay.</param>
/// <param name="IsInUse">Whether any VM is on it: an empty host is not filled to empty others.</param>
public sealed record PackedHost(string Name, HostUse Size, HostUse Used, bool TakesVms, bool MayBeEmptied, bool IsInUse);

/// <summary>A VM that may move to another host. Holds a list: compared by reference.</summary>
/// <param name="Vm">The VM.</param>
/// <param name="Host">The host that it is on, by its number.</param>
/// <param name="Takes">What it takes of a host.</param>
/// <param name="Bytes">What its move sends.</param>
/// <param name="Owner">Its application, by its number.</param>
/// <param name="Fits">By number of the host, whether its hypervisor has what the VM asks for; VMs that ask for the same may share it.</param>
public sealed record PackedVm(VmRef Vm, int Host, HostUse Takes, double Bytes, int Owner, ImmutableArray<bool> Fits);

/// <summary>VMs that should not come to be on one host. Holds lists: compared by reference.</summary>
/// <param name="Vms">Those of them that may move, by number.</param>
/// <param name="Hosts">The hosts that they are on now, those that stay included; a host once for each.</param>
public sealed record ApartSet(ImmutableArray<int> Vms, ImmutableArray<int> Hosts);

/// <summary>Which hosts of a site can be emptied onto others that are in use anyway.</summary>
/// <remarks>
/// VMs leave hosts that are emptied, and go to hosts that are not; no other VM moves. So each VM's move has its room whether or not any other one
/// is made, and in any order: owners approve moves one by one. Holds lists: compared by reference.
/// </remarks>
/// <param name="Hosts">The hosts.</param>
/// <param name="Vms">The VMs that may move; every VM of a host that may be emptied is among them.</param>
/// <param name="Apart">What is to be kept apart.</param>
/// <param name="MovesLeft">How many VMs of each application may move.</param>
public sealed record PackingProblem(ImmutableArray<PackedHost> Hosts, ImmutableArray<PackedVm> Vms, ImmutableArray<ApartSet> Apart, ImmutableArray<int> MovesLeft)
{
    /// <summary>How many hosts have to stay in use at least: those with a VM that has to stay, and as many more as hold what all take.</summary>
    public int Bound()
    {
        var inUse = Hosts.Where(host => host.IsInUse).ToList();
        return new[] { Bound(use => use.Vcpus), Bound(use => use.MemoryBytes), Bound(use => use.DiskBytes) }.Max();

        int Bound(Func<HostUse, long> amount)
        {
            // A host holds no more than it has, one that takes no VMs no more than it holds; what has to stay comes first, then the largest.
            long Holds(PackedHost host) => host.TakesVms ? Math.Max(amount(host.Size), amount(host.Used)) : amount(host.Used);
            var left = inUse.Sum(host => amount(host.Used));
            var hosts = 0;
            foreach (var host in inUse.OrderBy(host => host.MayBeEmptied).ThenByDescending(Holds))
            {
                if (host.MayBeEmptied && left <= 0 && hosts > 0)
                {
                    break;
                }

                (left, hosts) = (left - Holds(host), hosts + 1);
            }

            return hosts;
        }
    }
}

/// <summary>An answer to a <see cref="PackingProblem"/>. Holds lists: compared by reference.</summary>
/// <param name="Emptied">The hosts that are empty afterwards, by number, ascending.</param>
/// <param name="Moves">Where each VM of them goes: the VM and the host, by number.</param>
/// <param name="IsProven">Whether no more hosts can be emptied.</param>
public sealed record Packing(ImmutableArray<int> Emptied, ImmutableArray<(int Vm, int Host)> Moves, bool IsProven);
