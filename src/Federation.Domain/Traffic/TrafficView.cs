using Federation.Domain.Identity;

namespace Federation.Domain.Traffic;

/// <summary>What is known of an application's traffic at one instant: its VMs and the stored reports. Compared by reference.</summary>
/// <param name="Vms">The application's VMs; whose reports are expected.</param>
/// <param name="Owner">Whose address it is; null for an address outside the application. Pure.</param>
/// <param name="Reports">
/// In any order; several of one VM and window are parts of different sensors and add up. Those of other windows and other VMs are left aside. For a query, all that is
/// stored from <see cref="TrafficQuery.OldestNeeded"/> to <see cref="TrafficQuery.Last"/>, the reports of a window that has not
/// closed included.
/// </param>
public sealed record TrafficView(
    IReadOnlyCollection<VmId> Vms,
    Func<Address, VmId?> Owner,
    IReadOnlyCollection<WindowReport> Reports)
{
    /// <summary>Which endpoint of the application has an address; null: none has. Pure. Default: there are none.</summary>
    public Func<Address, string?>? Endpoint { get; init; }
}
