using Federation.Domain.Estimation;

namespace Federation.Planning.Model;

/// <summary>What the seats cost an hour now and from each change of a price on, where the application limits that. Immutable.</summary>
internal sealed class Rates
{
    private const double Tolerance = 1e-9;

    private readonly double[][] perHour;

    /// <summary>Reads a problem's prices; nothing where there is no limit.</summary>
    public Rates(PlacementProblem problem)
    {
        Most = (problem.View.Application.BudgetPerHour is { } most ? (double)most : double.PositiveInfinity) * (1 + Tolerance);
        if (double.IsPositiveInfinity(Most))
        {
            (At, perHour) = ([], []);
            return;
        }

        var now = problem.View.Now;
        var changes = problem.Seats.SelectMany(seat => seat.Offer.Price.Entries).Select(entry => entry.From).Where(from => from > now).Append(now).Distinct().Order().ToList();
        At = [.. changes.Select(at => (at - now).TotalSeconds)];
        perHour = [.. problem.Seats.Select(seat => changes.Select(at => (double)(seat.Offer.Price.At(at) ?? 0)).ToArray())];
    }

    /// <summary>The most that all offers may cost an hour together, rounding already in it; infinite without a limit.</summary>
    public double Most { get; }

    /// <summary>When a price changes, in seconds from now, ascending, the first 0; empty without a limit.</summary>
    public double[] At { get; }

    /// <summary>A seat's price per hour at each of these.</summary>
    public double[] Of(int seat) => perHour[seat];
}
