using Federation.Planning.Model;

namespace Federation.Planning.Search;

/// <summary>The kinds of small change.</summary>
internal enum ChangeKind
{
    /// <summary>One VM takes another seat.</summary>
    Reseat,

    /// <summary>Two VMs take each other's seats.</summary>
    Swap,

    /// <summary>A part goes to one site.</summary>
    Gather,
}

/// <summary>A small change of a placement.</summary>
/// <param name="Kind">Which kind.</param>
/// <param name="First">The VM, or the part.</param>
/// <param name="Second">The seat, the other VM, or the site.</param>
/// <param name="Preference">Which offer of the site first, for a part.</param>
internal readonly record struct Change(ChangeKind Kind, int First, int Second, Preference Preference);

/// <summary>The placements that are one small change away.</summary>
internal sealed class Neighbourhood
{
    private readonly CostModel model;
    private readonly SiteFiller filler;
    private readonly int[][] parts;
    private readonly Random random;
    private readonly Change[] changes;

    /// <summary>Lists every change of every kind.</summary>
    public Neighbourhood(CostModel model, SiteFiller filler, int[][] parts, Random random)
    {
        (this.model, this.filler, this.parts, this.random) = (model, filler, parts, random);
        changes = [.. Reseats(), .. Swaps(), .. Gathers()];
    }

    /// <summary>Every change, in an order of chance. Valid until the next call.</summary>
    public Change[] Shuffled()
    {
        random.Shuffle(changes);
        return changes;
    }

    /// <summary>Makes a change; false if it changes nothing, or a VM cannot have its seat.</summary>
    public bool Apply(Change change, int[] assignment)
    {
        switch (change.Kind)
        {
            case ChangeKind.Reseat:
                var moves = assignment[change.First] != change.Second;
                assignment[change.First] = change.Second;
                return moves;
            case ChangeKind.Swap:
                return Swap(assignment, change.First, change.Second);
            default:
                return filler.Fill(assignment, parts[change.First], change.Second, change.Preference);
        }
    }

    /// <summary>A copy with a few VMs at random seats, or a part at a random site.</summary>
    public int[] Shake(int[] current)
    {
        var shaken = current.ToArray();
        if (parts.Length > 0 && random.Next(3) == 0)
        {
            filler.Fill(shaken, parts[random.Next(parts.Length)], random.Next(model.SiteCount), (Preference)random.Next(3));
        }

        for (var i = 1 + random.Next(Math.Max(2, model.VmCount / 3)); i > 0; i--)
        {
            var vm = random.Next(model.VmCount);
            shaken[vm] = model.Candidates[vm][random.Next(model.Candidates[vm].Length)];
        }

        return shaken;
    }

    private bool Swap(int[] assignment, int a, int b)
    {
        var (seatOfA, seatOfB) = (assignment[a], assignment[b]);
        (assignment[a], assignment[b]) = (seatOfB, seatOfA);
        return seatOfA != seatOfB
            && Array.BinarySearch(model.Candidates[a], seatOfB) >= 0 && Array.BinarySearch(model.Candidates[b], seatOfA) >= 0;
    }

    private IEnumerable<Change> Reseats() =>
        Enumerable.Range(0, model.VmCount).SelectMany(vm =>
            model.Candidates[vm].Select(seat => new Change(ChangeKind.Reseat, vm, seat, default)));

    private IEnumerable<Change> Swaps() =>
        Enumerable.Range(0, model.VmCount).SelectMany(a =>
            Enumerable.Range(a + 1, model.VmCount - a - 1).Select(b => new Change(ChangeKind.Swap, a, b, default)));

    private IEnumerable<Change> Gathers() =>
        Enumerable.Range(0, parts.Length).SelectMany(part =>
            Enumerable.Range(0, model.SiteCount).SelectMany(site =>
                Enum.GetValues<Preference>().Select(preference => new Change(ChangeKind.Gather, part, site, preference))));
}
