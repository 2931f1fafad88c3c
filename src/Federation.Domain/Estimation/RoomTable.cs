using System.Collections.Immutable;
using Federation.Domain.Refusals;
using Federation.Domain.Sites;

namespace Federation.Domain.Estimation;

/// <summary>The room that one application finds at every seat and site: <see cref="SiteRoom"/> in the arrays that a search reads.</summary>
/// <remarks>
/// A limit that fell below what the application has takes nothing from it: it may keep what it has, and nothing more comes while it has too
/// much. Immutable.
/// </remarks>
public sealed class RoomTable
{
    private readonly PlacementProblem problem;
    private readonly SiteRoom[] rooms;
    private readonly Occupancy[] here;
    private readonly int[] onSeat;

    /// <summary>Reads a problem whose seats are numbered. O(sites + seats + VMs).</summary>
    internal RoomTable(PlacementProblem problem)
    {
        this.problem = problem;
        var view = problem.View;
        rooms = [.. problem.Sites.Select(site => new SiteRoom(
            site, view.Application.Tenant, view.UsedByOthers.GetValueOrDefault(site.Id), view.UsedByAllOthers.GetValueOrDefault(site.Id)))];
        (here, onSeat) = (new Occupancy[problem.Sites.Length], new int[problem.Seats.Length]);
        foreach (var seat in problem.CurrentSeats.Where(seat => seat != PlacementProblem.Nowhere).Select(seat => problem.Seats[seat]))
        {
            here[seat.SiteIndex] += Occupancy.Of(seat.Offer);
            onSeat[seat.Index]++;
        }

        MostAt = [.. rooms.Select((room, site) => room.Left.AtLeast(here[site]))];
        MostOnSeat = [.. problem.Seats.Select(seat => Math.Max(seat.Offer.Available ?? int.MaxValue, onSeat[seat.Index]))];
        IsScarce = MostOnSeat.Any(most => most < problem.VmCount) || problem.Seats.Any(seat => !MostAt[seat.SiteIndex].Holds(All(seat.Offer)));
    }

    /// <summary>The most that the application may have at each site, in all.</summary>
    public ImmutableArray<RoomLimit> MostAt { get; }

    /// <summary>The most VMs that it may have on each offer.</summary>
    public ImmutableArray<int> MostOnSeat { get; }

    /// <summary>Whether any limit could be reached: otherwise there is room for every assignment.</summary>
    public bool IsScarce { get; }

    /// <summary>What stands against any VM that comes to a seat, because the application has too much there already; null: nothing.</summary>
    internal Refusal? AgainstComing(Seat seat) =>
        seat.Offer.Available == 0 ? Refusal.CapacityOfferNone(seat.Location)
        : SiteRoom.OfOffer(seat.Site, seat.Offer, problem.View.Application.Id, onSeat[seat.Index])
            ?? (here[seat.SiteIndex].Vms > 0 && !rooms[seat.SiteIndex].Left.Holds(here[seat.SiteIndex]) ? Refuses(seat.SiteIndex, here[seat.SiteIndex]) : null);

    /// <summary>What stands against the application having so much at a site in all, which is more than it may.</summary>
    internal Refusal Refuses(int site, Occupancy use) => rooms[site].Refuses(use with { CoreHours = 0 })!;

    // Who restarts counts on both of its offers at one site.
    private Occupancy All(Offer offer)
    {
        var vms = problem.VmCount * (problem.View.MayRestart ? 2 : 1);
        return new((int)Math.Min(int.MaxValue, (long)offer.Vcpus * vms), offer.MemoryBytes * vms, vms, 0);
    }
}
