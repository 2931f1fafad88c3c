using Federation.Domain.Identity;
using Federation.Domain.Sites;
using Federation.Testing;

namespace Federation.Grains.Tests.Making;

/// <summary>What VMs ask sites for.</summary>
internal static class Requests
{
    /// <summary>A small VM that wants the offer "std", under plan 1 unless another reservation is given.</summary>
    public static AdmissionRequest Of(VmRef vm, ReservationId? reservation = null) =>
        new(reservation ?? ReservationId.OfStart(new(vm.Application, 1)), vm, "std", new(2, Samples.GiB, []), CoreHours: 1);
}
