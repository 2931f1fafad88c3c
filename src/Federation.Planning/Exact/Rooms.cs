using Federation.Domain.Estimation;
using Federation.Planning.Model;

namespace Federation.Planning.Exact;

/// <summary>How many more VMs each seat, and each site in all, has room for.</summary>
internal sealed class Rooms(CostModel model)
{
    /// <summary>By seat; 0: none.</summary>
    public int[] OfSeat { get; } = new int[model.SeatCount];

    /// <summary>By site: what the quota leaves to the smallest of its offers.</summary>
    public int[] OfSite { get; } = new int[model.SiteCount];

    /// <summary>Whether so many VMs could run out of room anywhere, as of the last reading.</summary>
    public bool Bind { get; private set; }

    /// <summary>Reads what a ledger has left for so many VMs.</summary>
    public void Read(SeatLedger ledger, int vms)
    {
        Bind = false;
        Array.Clear(OfSite);
        for (var seat = 0; seat < OfSeat.Length; seat++)
        {
            var quota = Math.Max(0, ledger.RoomInQuota(seat));
            var room = Math.Max(0, Math.Min(quota, ledger.RoomOnOffer(seat)));
            OfSeat[seat] = room;
            ref var site = ref OfSite[model.SiteOf[seat]];
            site = Math.Max(site, quota);
            Bind |= room < vms;
        }
    }
}
