using Federation.Contracts;
using Federation.Domain.Applications;
using Federation.Domain.Identity;

namespace Federation.Grains;

/// <summary>An application's VMs as it reaches them; made once for each description.</summary>
internal sealed class VirtualCluster
{
    // Kept: each search for a reference reads attributes anew, which was a tenth of what reading an application cost.
    private readonly IVmGrain[] grains;

    public VirtualCluster(AppId id, Application? application, IGrainFactory factory)
    {
        Application = application;
        grains = [.. (application?.Vms ?? []).Select(vm => factory.Vm(new(id, vm.Id)))];
    }

    /// <summary>The description; null: there is no such application.</summary>
    public Application? Application { get; }

    /// <summary>How each VM stands, in the description's order.</summary>
    public Task<VmStatus[]> Statuses() => Task.WhenAll(grains.Select(vm => vm.Status()));
}
