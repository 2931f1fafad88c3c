using System.Collections.Immutable;
using Federation.Domain.Guests;

namespace Federation.Domain.Estimation;

/// <summary>The seats that each VM could take as far as it alone is concerned.</summary>
/// <remarks>VMs of one kind share one list, so that a cluster of thousands is looked at kind by kind and not VM by VM.</remarks>
internal static class SeatCandidates
{
    /// <summary>Every VM's candidates, ascending. O(kinds x seats + VMs).</summary>
    public static ImmutableArray<ImmutableArray<int>> Of(PlacementProblem problem)
    {
        var known = new Dictionary<Kind, ImmutableArray<int>>();
        var candidates = ImmutableArray.CreateBuilder<ImmutableArray<int>>(problem.VmCount);
        for (var vm = 0; vm < problem.VmCount; vm++)
        {
            var kind = KindOf(problem, vm);
            if (!known.TryGetValue(kind, out var seats))
            {
                seats = [.. problem.Seats.Where(seat => SeatRules.Check(problem, vm, seat).IsFeasible).Select(seat => seat.Index)];
                known.Add(kind, seats);
            }

            candidates.Add(seats);
        }

        return candidates.MoveToImmutable();
    }

    private static Kind KindOf(PlacementProblem problem, int vm)
    {
        var spec = problem.View.Application.Vms[vm];
        // How fast a VM rewrites its memory and its disks, and how large they are, concerns only whether it could be migrated.
        var moved = problem.CurrentSeats[vm] == PlacementProblem.Nowhere ? default
            : new CopiedVm(spec.MemoryBytes, spec.DirtyBytesPerSecond, spec.DiskBytesSent, spec.DiskBytesWrittenPerSecond);
        return new(
            spec.Vcpus, spec.MemoryBytes, moved, problem.CurrentSeats[vm],
            spec.Guest is { } guest && (guest.Kernel is not null || !guest.Disks.IsEmpty) ? string.Join('\n', guest.Images) : null,
            spec.Guest?.Hardware,
            spec.Needs.DiskBytes,
            spec.Residency.IsEmpty ? "" : string.Join('\n', spec.Residency),
            spec.Sites is null ? null : string.Join('\n', spec.Sites),
            problem.View.CoolingDown.TryGetValue(spec.Id, out var until) && until > problem.View.Now ? until : null,
            problem.View.IsQuiet(spec.Id, problem.View.Now),
            problem.View.Seated.Contains(spec.Id),
            problem.View.Elsewhere == spec.Id,
            problem.WantedSites.IsEmpty ? -1 : problem.WantedSites[vm],
            problem.Endpoints.Of[vm].IsEmpty ? "" : string.Join(' ', problem.Endpoints.Of[vm].Select(flow => (flow.Site, flow.Sends, flow.Receives))));
    }

    // All of a VM that SeatRules reads.
    private readonly record struct Kind(int Vcpus, long MemoryBytes, CopiedVm Moved, int At, string? Images, GuestHardware? Hardware, long DiskBytes, string Residency, string? Sites, DateTimeOffset? StaysUntil, bool IsQuiet, bool IsSeated, bool IsElsewhere, int WantedSite, string Endpoints);
}
