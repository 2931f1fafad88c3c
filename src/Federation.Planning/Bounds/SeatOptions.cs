using Federation.Planning.Model;

namespace Federation.Planning.Bounds;

/// <summary>The figures of every seat that every VM could still take, as the relaxation works them out; reused from look to look.</summary>
internal sealed class SeatOptions(CostModel model)
{
    private readonly double[] seconds = new double[model.VmCount * model.SeatCount];
    private readonly double[] figures = new double[model.VmCount * model.SeatCount];
    private readonly double[] least = new double[model.VmCount];
    private readonly double[] bySeat = new double[model.SeatCount];

    /// <summary>How long a VM would run at a seat; infinite if it cannot have it.</summary>
    public double Seconds(int vm, int seat) => seconds[(vm * model.SeatCount) + seat];

    /// <summary>Sets <see cref="Seconds"/>.</summary>
    public void SetSeconds(int vm, int seat, double value) => seconds[(vm * model.SeatCount) + seat] = value;

    /// <summary>Sets what a seat adds for a VM to the objective's sum: money, or vCPUs that are paid for.</summary>
    public void SetFigure(int vm, int seat, double value) => figures[(vm * model.SeatCount) + seat] = value;

    /// <summary>Sets the least of a VM's figures.</summary>
    public void SetLeast(int vm, double value) => least[vm] = value;

    /// <summary>A seat's figure beyond the VM's least; infinite if the VM cannot have it.</summary>
    public double Regret(int vm, int seat) => figures[(vm * model.SeatCount) + seat] - least[vm];

    /// <summary>By seat, the time of the unseated VM that is fastest there. Valid until the next such call.</summary>
    public double[] LeastSeconds(PartialPlacement partial)
    {
        Array.Fill(bySeat, double.PositiveInfinity);
        for (var i = partial.Depth; i < partial.Order.Length; i++)
        {
            foreach (var seat in model.Candidates[partial.Order[i]])
            {
                bySeat[seat] = Math.Min(bySeat[seat], Seconds(partial.Order[i], seat));
            }
        }

        return bySeat;
    }

    /// <summary>By seat, the least that any unseated VM adds by taking it beyond its own best. Valid until the next such call.</summary>
    public double[] LeastRegrets(PartialPlacement partial)
    {
        Array.Fill(bySeat, double.PositiveInfinity);
        for (var i = partial.Depth; i < partial.Order.Length; i++)
        {
            foreach (var seat in model.Candidates[partial.Order[i]])
            {
                bySeat[seat] = Math.Min(bySeat[seat], Regret(partial.Order[i], seat));
            }
        }

        return bySeat;
    }
}
