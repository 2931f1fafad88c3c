using Federation.Planning.Model;

namespace Federation.Planning.Search;

/// <summary>What a sketch takes of each site, and whether that is within the room there is. Mutable.</summary>
internal sealed class SketchRoom
{
    private readonly int[][] seatAt;
    private readonly int[] vcpusOf;
    private readonly long[] memoryOf;
    private readonly Room[] most;
    private readonly Room[] taken;

    /// <summary>Nothing taken.</summary>
    /// <param name="model">The problem.</param>
    /// <param name="seatAt">The seat that each VM takes at each site; -1: none.</param>
    public SketchRoom(CostModel model, int[][] seatAt)
    {
        this.seatAt = seatAt;
        vcpusOf = model.Vcpus;
        memoryOf = [.. model.Problem.Seats.Select(seat => seat.Offer.MemoryBytes)];
        most = [.. Enumerable.Range(0, model.SiteCount).Select(site => MostAt(model, site))];
        taken = new Room[model.SiteCount + 1];
    }

    /// <summary>The most VMs that a site could hold.</summary>
    public long MostVms(int site) => most[site].Vms;

    /// <summary>Whether a site holds no more than it may.</summary>
    public bool IsWithin(int site) =>
        taken[site].Vms <= most[site].Vms && taken[site].Vcpus <= most[site].Vcpus && taken[site].Memory <= most[site].Memory;

    /// <summary>Takes a VM's move into account. The site beyond the last is nowhere.</summary>
    public void Move(int vm, int from, int to)
    {
        Add(vm, from, -1);
        Add(vm, to, 1);
    }

    private void Add(int vm, int site, int count)
    {
        if (site < most.Length)
        {
            var seat = seatAt[vm][site];
            ref var room = ref taken[site];
            room = new(room.Vms + count, room.Vcpus + (count * vcpusOf[seat]), room.Memory + (count * memoryOf[seat]));
        }
    }

    private static Room MostAt(CostModel model, int site)
    {
        var problem = model.Problem;
        // A site that closes before the fastest offer is done is for nobody to stay at.
        if (model.Limits.SecondsAt[site] < problem.RemainingSeconds / model.Speed.Max())
        {
            return default;
        }

        var offered = problem.Seats.Where(seat => seat.SiteIndex == site && seat.IsSold)
            .Sum(seat => (long)Math.Min(problem.Room.MostOnSeat[seat.Index], model.VmCount));
        var most = problem.Room.MostAt[site];
        var coreHours = model.Limits.CoreSecondsAt[site] / problem.RemainingSeconds;
        return new(Math.Min(offered, most.Vms), (long)Math.Min(coreHours, most.Vcpus), most.MemoryBytes);
    }

    private readonly record struct Room(long Vms, long Vcpus, long Memory);
}
