using Federation.Domain.Refusals;
using Federation.Domain.Sites;

namespace Federation.Domain.Estimation;

/// <summary>Counts what an application takes of every seat and site, against capacity and the tenant's quotas of amounts.</summary>
/// <remarks>Mutable, for one search at a time; O(1) a step.</remarks>
public sealed class SeatLedger
{
    private readonly PlacementProblem problem;
    private readonly int[] taken;
    private readonly Occupancy[] occupied;
    private readonly Quota?[] quotas;

    /// <summary>An empty ledger, but for what the tenant's other applications occupy.</summary>
    public SeatLedger(PlacementProblem problem)
    {
        this.problem = problem;
        taken = new int[problem.Seats.Length];
        occupied = [.. problem.Sites.Select(site => problem.View.UsedByOthers.GetValueOrDefault(site.Id))];
        quotas = [.. problem.Sites.Select(site => site.QuotaFor(problem.View.Application.Tenant))];
    }

    /// <summary>A ledger with every VM that runs at its seat.</summary>
    public static SeatLedger OfRunning(PlacementProblem problem)
    {
        var ledger = new SeatLedger(problem);
        foreach (var seat in problem.CurrentSeats)
        {
            if (seat != PlacementProblem.Nowhere)
            {
                ledger.Take(seat);
            }
        }

        return ledger;
    }

    /// <summary>Whether all of some VMs, given by their seats, could still come if nobody left.</summary>
    public bool HasRoomFor(IReadOnlyCollection<int> seats)
    {
        foreach (var seat in seats)
        {
            Take(seat);
        }

        var fits = seats.Distinct().All(seat => Fits(taken[seat], problem.Seats[seat].Offer.Available)
            && (quotas[problem.Seats[seat].SiteIndex] is not { } quota || Within(occupied[problem.Seats[seat].SiteIndex], quota)));
        foreach (var seat in seats)
        {
            Free(seat);
        }

        return fits;
    }

    /// <summary>Whether one more VM may take a seat.</summary>
    public bool HasRoom(int seat)
    {
        var site = problem.Seats[seat].SiteIndex;
        return Fits(taken[seat] + 1, problem.Seats[seat].Offer.Available)
            && (quotas[site] is not { } quota || Within(occupied[site] + Of(seat), quota));
    }

    /// <summary>How many more VMs the offer has room for, whatever the quota says; 0 or less if none.</summary>
    public int RoomOnOffer(int seat) =>
        problem.Seats[seat].Offer.Available is { } available ? available - taken[seat] : int.MaxValue;

    /// <summary>How many more VMs of this offer the site's quota has room for, if no other offer takes of it; 0 or less if none.</summary>
    public int RoomInQuota(int seat)
    {
        var (site, offer) = (problem.Seats[seat].SiteIndex, problem.Seats[seat].Offer);
        if (quotas[site] is not { } quota)
        {
            return int.MaxValue;
        }

        var room = quota.Vms is { } vms ? vms - occupied[site].Vms : int.MaxValue;
        room = quota.Vcpus is { } vcpus ? Math.Min(room, (vcpus - occupied[site].Vcpus) / offer.Vcpus) : room;
        return quota.MemoryBytes is { } memory
            ? (int)Math.Min(room, (memory - occupied[site].MemoryBytes) / offer.MemoryBytes)
            : room;
    }

    /// <summary>Whether one more VM may take a seat; otherwise what it would exceed.</summary>
    public Verdict Check(int seat)
    {
        if (HasRoom(seat))
        {
            return Verdict.Feasible;
        }

        var place = problem.Seats[seat];
        if (place.Offer.Available is { } available && taken[seat] + 1 > available)
        {
            return Verdict.Reject(Refusal.CapacityOfferTaken(place.Location, problem.View.Application.Id, available, taken[seat] + 1));
        }

        var (quota, need) = (quotas[place.SiteIndex]!, occupied[place.SiteIndex] + Of(seat));
        return Verdict.Reject(quota.AgainstAmounts(place.Site.Id, problem.View.Application.Tenant, need)!);
    }

    /// <summary>Gives a seat to a VM, whether there is room or not.</summary>
    public void Take(int seat)
    {
        taken[seat]++;
        occupied[problem.Seats[seat].SiteIndex] += Of(seat);
    }

    /// <summary>Takes a seat back.</summary>
    public void Free(int seat)
    {
        taken[seat]--;
        var of = Of(seat);
        ref var site = ref occupied[problem.Seats[seat].SiteIndex];
        site = new(site.Vcpus - of.Vcpus, site.MemoryBytes - of.MemoryBytes, site.Vms - of.Vms, site.CoreHours);
    }

    private Occupancy Of(int seat) => new(problem.Seats[seat].Offer.Vcpus, problem.Seats[seat].Offer.MemoryBytes, 1, 0);

    private static bool Within(Occupancy need, Quota quota) =>
        Fits(need.Vcpus, quota.Vcpus) && Fits(need.Vms, quota.Vms)
        && (quota.MemoryBytes is not { } memory || need.MemoryBytes <= memory);

    private static bool Fits(int need, int? limit) => limit is not { } most || need <= most;
}
