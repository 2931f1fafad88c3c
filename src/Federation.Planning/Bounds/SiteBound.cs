using Federation.Planning.Model;

namespace Federation.Planning.Bounds;

/// <summary>How many sites a completion uses at least, if it is to keep within what the objective may still lose.</summary>
internal static class SiteBound
{
    /// <summary>Counts the sites in use and those that the VMs without a seat need besides, the roomiest first.</summary>
    /// <param name="model">The problem.</param>
    /// <param name="partial">The placement.</param>
    /// <param name="options">The figures of the last look.</param>
    /// <param name="rooms">The rooms of the last look.</param>
    /// <param name="slack">A seat that adds more than this beyond a VM's best is out of the question.</param>
    public static int Of(CostModel model, PartialPlacement partial, SeatOptions options, Rooms rooms, double slack)
    {
        var room = RoomBySite(model, partial, options, rooms, slack);
        var (used, left) = (0, (long)(model.VmCount - partial.Depth));
        for (var site = 0; site < room.Length; site++)
        {
            if (partial.VmsAt[site] > 0)
            {
                used++;
                left -= room[site];
                room[site] = 0;
            }
        }

        Array.Sort(room);
        for (var i = room.Length - 1; i >= 0 && left > 0 && room[i] > 0; i--)
        {
            used++;
            left -= room[i];
        }

        return used;
    }

    private static long[] RoomBySite(CostModel model, PartialPlacement partial, SeatOptions options, Rooms rooms, double slack)
    {
        var room = new long[model.SiteCount];
        var regrets = options.LeastRegrets(partial);
        for (var seat = 0; seat < model.SeatCount; seat++)
        {
            room[model.SiteOf[seat]] += regrets[seat] <= slack ? rooms.OfSeat[seat] : 0;
        }

        for (var site = 0; site < room.Length; site++)
        {
            room[site] = Math.Min(room[site], rooms.OfSite[site]);
        }

        return room;
    }
}
