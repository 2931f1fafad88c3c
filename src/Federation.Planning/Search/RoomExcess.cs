using Federation.Domain.Estimation;
using Federation.Domain.Sites;
using Federation.Planning.Model;

namespace Federation.Planning.Search;

/// <summary>Counts what a placement occupies, and by how much that exceeds capacity and quotas.</summary>
internal sealed class RoomExcess
{
    private readonly CostModel model;
    private readonly int[] vmsOn;
    private readonly int[] vmsAt;
    private readonly long[] memoryAt;
    private readonly int?[] available;
    private readonly long[] memory;
    private readonly Quota?[] quotas;
    private readonly Occupancy[] others;

    /// <summary>Reads a problem's capacity and quotas.</summary>
    public RoomExcess(CostModel model)
    {
        this.model = model;
        var problem = model.Problem;
        vmsOn = new int[model.SeatCount];
        vmsAt = new int[model.SiteCount];
        VcpusAt = new int[model.SiteCount];
        memoryAt = new long[model.SiteCount];
        available = [.. problem.Seats.Select(seat => seat.Offer.Available)];
        memory = [.. problem.Seats.Select(seat => seat.Offer.MemoryBytes)];
        quotas = [.. problem.Sites.Select(site => site.QuotaFor(problem.View.Application.Tenant))];
        others = [.. problem.Sites.Select(site => problem.View.UsedByOthers.GetValueOrDefault(site.Id))];
    }

    /// <summary>Offers' vCPUs at each site, as of the last count.</summary>
    public int[] VcpusAt { get; }

    /// <summary>Sites with a VM, as of the last count.</summary>
    public int SitesUsed { get; private set; }

    /// <summary>Counts; each VM too many weighs 1, each quota exceeded 1 and the share of it that is exceeded.</summary>
    public double Count(int[] assignment)
    {
        Array.Clear(vmsOn);
        Array.Clear(vmsAt);
        Array.Clear(VcpusAt);
        Array.Clear(memoryAt);
        foreach (var seat in assignment)
        {
            var site = model.SiteOf[seat];
            vmsOn[seat]++;
            vmsAt[site]++;
            VcpusAt[site] += model.Vcpus[seat];
            memoryAt[site] += memory[seat];
        }

        return Excess();
    }

    private double Excess()
    {
        double excess = 0;
        SitesUsed = 0;
        for (var seat = 0; seat < vmsOn.Length; seat++)
        {
            excess += available[seat] is { } most ? Math.Max(0, vmsOn[seat] - most) : 0;
        }

        for (var site = 0; site < vmsAt.Length; site++)
        {
            if (vmsAt[site] > 0)
            {
                SitesUsed++;
                excess += quotas[site] is { } quota ? Excess(site, quota) : 0;
            }
        }

        return excess;
    }

    private double Excess(int site, Quota quota) =>
        Over(vmsAt[site] + others[site].Vms, quota.Vms)
        + Over(VcpusAt[site] + others[site].Vcpus, quota.Vcpus)
        + Over(memoryAt[site] + others[site].MemoryBytes, quota.MemoryBytes);

    private static double Over(long needed, long? most) =>
        most is { } limit && needed > limit ? 1 + ((needed - limit) / (double)Math.Max(limit, 1)) : 0;
}
