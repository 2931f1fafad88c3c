using Federation.Domain.Identity;
using Federation.Domain.Sites;
using Federation.Testing;
using Shouldly;

namespace Federation.Domain.Tests.Sites;

/// <summary>Ledgers with VMs in them, for tests of one thing each.</summary>
internal static class Ledgers
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    /// <summary>A VM of 2 vCPUs that wants the offer "std", under plan 1 unless another reservation is given.</summary>
    public static AdmissionRequest Request(string vm, string? residency = null, ReservationId? reservation = null, double coreHours = 1)
    {
        var reference = VmRef.Parse(vm);
        return new(
            reservation ?? ReservationId.OfStart(new(reference.Application, 1)), reference, "std",
            new(2, Samples.GiB, residency is null ? [] : [residency]), coreHours);
    }

    /// <summary>A ledger in which VMs have arrived.</summary>
    public static SiteLedger Occupied(Site site, params AdmissionRequest[] requests)
    {
        var door = new Door(site, SiteApprovals.None, Samples.Now);
        var (ledger, verdict) = new SiteLedger().Admit(door, requests, Lifetime);
        verdict.Refusal.ShouldBeNull();
        return requests.Aggregate(ledger, (held, request) =>
            held.Confirm(door, request.Vm, request.Reservation).Ledger.Arrive(door, request.Vm, request.Reservation).Ledger);
    }
}
