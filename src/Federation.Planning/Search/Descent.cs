namespace Federation.Planning.Search;

/// <summary>Takes what is better, VM by VM, until nothing is.</summary>
internal sealed class Descent(Walk walk, SiteRanking ranking, OfferOrder offers)
{
    private const int MostSeatsToTryAll = 24;
    private const int SitesToTry = 5;
    private const int MostVmsToSwap = 150;

    private readonly int[] order = [.. Enumerable.Range(0, walk.Model.VmCount)];

    /// <summary>Descends, at most so many times over all VMs; work over is the end too.</summary>
    /// <param name="passes">How many times.</param>
    /// <param name="swaps">Whether VMs are exchanged, where they are few, when no single one has a better seat.</param>
    public void Run(int passes, bool swaps = true)
    {
        for (var improved = true; improved && passes > 0 && !walk.Budget.IsOver; passes--)
        {
            improved = false;
            walk.Dice.Shuffle<int>(order);
            foreach (var vm in order)
            {
                if (walk.Budget.IsOver)
                {
                    return;
                }

                improved |= Reseat(vm);
            }

            if (swaps && !improved && order.Length <= MostVmsToSwap)
            {
                improved = SwapAny();
            }
        }
    }

    /// <summary>Gives a VM its best seat; false if it has it. Committed.</summary>
    public bool Reseat(int vm)
    {
        var (best, lowest) = BestSeat(vm, walk.Now);
        if (best < 0 || !Walk.IsLower(lowest, walk.Now))
        {
            return false;
        }

        walk.Move(vm, best);
        walk.Commit();
        return true;
    }

    /// <summary>The best seat of a VM that is better than an energy, and the energy there; -1: none.</summary>
    public (int Seat, double Energy) BestSeat(int vm, double below)
    {
        var (best, lowest) = (-1, below);
        if (walk.Model.Candidates[vm].Length <= MostSeatsToTryAll)
        {
            Try(vm, walk.Model.Candidates[vm], ref best, ref lowest);
            return (best, lowest);
        }

        foreach (var site in ranking.Top(walk, [vm], walk.Dice.Next(offers.Floors), SitesToTry))
        {
            Try(vm, walk.Model.Choices[vm].SeatsAt(site), ref best, ref lowest);
        }

        return (best, lowest);
    }

    private void Try(int vm, int[] seats, ref int best, ref double lowest)
    {
        foreach (var seat in seats)
        {
            if (seat != walk.Live.Seats[vm] && walk.Try(vm, seat, lowest) is var energy && energy < lowest)
            {
                (best, lowest) = (seat, energy);
            }
        }
    }

    private bool SwapAny()
    {
        var improved = false;
        for (var one = 0; one < order.Length; one++)
        {
            for (var other = one + 1; other < order.Length && !walk.Budget.IsOver; other++)
            {
                improved |= Swap(order[one], order[other]);
            }
        }

        return improved;
    }

    private bool Swap(int one, int other)
    {
        var (seat, otherSeat) = (walk.Live.Seats[one], walk.Live.Seats[other]);
        if (seat == otherSeat || !walk.Model.Choices[one].Allows(otherSeat) || !walk.Model.Choices[other].Allows(seat))
        {
            return false;
        }

        var before = walk.Now;
        walk.Move(one, otherSeat);
        if (!Walk.IsLower(walk.Try(other, seat, before), before))
        {
            walk.Undo();
            return false;
        }

        walk.Move(other, seat);
        walk.Commit();
        return true;
    }
}
