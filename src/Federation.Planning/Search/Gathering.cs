namespace Federation.Planning.Search;

/// <summary>Moves sets of VMs to one site each.</summary>
internal sealed class Gathering(Walk walk, OfferOrder offers)
{
    /// <summary>
    /// Moves those of a set that could be at a site there, each to the first offer in order that has room, or the first where none has;
    /// who is there already keeps its seat unless <paramref name="reseat"/>. Not committed.
    /// </summary>
    public void To(ReadOnlySpan<int> part, int site, int floor, bool reseat)
    {
        foreach (var vm in part)
        {
            var seats = offers.Of(floor, walk.Model.Choices[vm], site);
            if (seats.Length > 0 && (reseat || walk.Live.Sites[vm] != site))
            {
                Seat(vm, seats);
            }
        }
    }

    /// <summary>Seats those of a set that are nowhere anywhere: they could not be where the others are, and what comes after sorts it out. Not committed.</summary>
    public void Anywhere(ReadOnlySpan<int> part)
    {
        foreach (var vm in part)
        {
            if (walk.Live.Seats[vm] == walk.Live.Nowhere)
            {
                walk.Move(vm, walk.Dice.Of<int>(walk.Model.Candidates[vm]));
            }
        }
    }

    /// <summary>Moves each of a set to another offer of the site where it is. Not committed.</summary>
    public void Reoffer(ReadOnlySpan<int> part, int floor)
    {
        foreach (var vm in part)
        {
            if (walk.Live.Sites[vm] < walk.Model.SiteCount)
            {
                Seat(vm, offers.Of(floor, walk.Model.Choices[vm], walk.Live.Sites[vm]));
            }
        }
    }

    private void Seat(int vm, int[] seats)
    {
        var chosen = seats[0];
        foreach (var seat in seats)
        {
            if (walk.Live.HasRoom(vm, seat))
            {
                chosen = seat;
                break;
            }
        }

        if (chosen != walk.Live.Seats[vm])
        {
            walk.Move(vm, chosen);
        }
    }
}
