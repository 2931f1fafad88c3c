using System.Collections.Frozen;
using System.Collections.Immutable;
using Federation.Contracts;
using Federation.Domain.Applications;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;

namespace Federation.Grains;

/// <summary>An application's VMs as its collector reaches them; made once for each description.</summary>
internal sealed class VirtualCluster
{
    // Kept: each search for a reference reads attributes anew, which was a tenth of what reading an application cost.
    private readonly IVmGrain[] grains;
    private readonly FrozenDictionary<Address, VmId> owners;
    private readonly FrozenDictionary<string, int> places;

    // A window before which some VM has said that it remembers nothing.
    private int oldestRemembered = int.MinValue;

    public VirtualCluster(AppId id, Application? application, IGrainFactory factory)
    {
        Application = application;
        Vms = [.. (application?.Vms ?? []).Select(vm => vm.Id)];
        grains = [.. Vms.Select(vm => factory.Vm(new(id, vm)))];
        owners = (application?.Vms ?? []).SelectMany(vm => vm.Addresses.Select(address => (address, vm.Id)))
            .ToFrozenDictionary(owned => owned.address, owned => owned.Id);
        places = Vms.Select((vm, place) => (vm, place)).ToFrozenDictionary(entry => entry.vm.Value, entry => entry.place);
    }

    /// <summary>The description; null: there is no such application.</summary>
    public Application? Application { get; }

    /// <summary>Its VMs, in the description's order.</summary>
    public ImmutableArray<VmId> Vms { get; }

    /// <summary>Tells this description from any other one, also of an earlier activation.</summary>
    public Guid Stamp { get; } = Guid.NewGuid();

    /// <summary>Whose address it is; null: nobody's here.</summary>
    public VmId? OwnerOf(Address address) => owners.TryGetValue(address, out var vm) ? vm : null;

    /// <summary>Where a VM is in <see cref="Vms"/>; null: it is not.</summary>
    public int? PlaceOf(string vm) => places.TryGetValue(vm, out var place) ? place : null;

    /// <summary>How each VM stands, in the description's order.</summary>
    public Task<VmStatus[]> Statuses() => Task.WhenAll(grains.Select(vm => vm.Status()));

    /// <summary>What the VMs remember of a range of windows; null if it goes back further than that.</summary>
    public async Task<List<WindowReport>?> Remembered(Window first, Window last)
    {
        var (from, to) = (PackedPart.NumberOf(first), PackedPart.NumberOf(last));
        if (from < oldestRemembered)
        {
            return null;
        }

        var answers = await Task.WhenAll(grains.Select(vm => vm.Windows(from, to)));
        if (answers.Contains(null))
        {
            oldestRemembered = Math.Max(oldestRemembered, from + 1);
            return null;
        }

        var reports = new List<WindowReport>(answers.Sum(answer => answer!.Parts.Length));
        for (var i = 0; i < answers.Length; i++)
        {
            foreach (var part in answers[i]!.Parts)
            {
                reports.Add(part.Unpack(Vms[i]));
            }
        }

        return reports;
    }
}
