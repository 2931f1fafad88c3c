using Federation.Planning.Model;

namespace Federation.Planning.Search;

/// <summary>The placements that a search begins with.</summary>
internal sealed class Starts(CostModel model, SiteFiller filler, int[][] parts, Random random)
{
    private const int RandomStarts = 4;

    /// <summary>Staying, as near as can be; everything at one site; each part at a site of its own choice; and random ones.</summary>
    public IEnumerable<int[]> All()
    {
        yield return Staying();
        var all = Enumerable.Range(0, model.VmCount).ToArray();
        foreach (var preference in Enum.GetValues<Preference>())
        {
            for (var site = 0; site < model.SiteCount; site++)
            {
                yield return With(all, site, preference);
            }
        }

        foreach (var preference in Enum.GetValues<Preference>())
        {
            yield return PartByPart(preference);
        }

        for (var i = 0; i < RandomStarts; i++)
        {
            yield return AtRandom();
        }
    }

    /// <summary>Each VM at any of its candidates.</summary>
    public int[] AtRandom() => [.. model.Candidates.Select(seats => seats[random.Next(seats.Length)])];

    private int[] Staying() =>
        [.. model.Problem.CurrentSeats.Select((seat, vm) => model.Candidates[vm].Contains(seat) ? seat : model.Candidates[vm][0])];

    private int[] With(int[] part, int site, Preference preference)
    {
        var start = Staying();
        filler.Fill(start, part, site, preference);
        return start;
    }

    // Groups go to the sites in turn, so that a federation whose sites are all too small for everything is used as well.
    private int[] PartByPart(Preference preference)
    {
        var start = Staying();
        var order = Enumerable.Range(0, model.SiteCount).ToArray();
        random.Shuffle(order);
        for (var i = 0; i < parts.Length; i++)
        {
            filler.Fill(start, parts[i], order[i % order.Length], preference);
        }

        return start;
    }
}
