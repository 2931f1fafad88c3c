using System.Collections.Immutable;

namespace Federation.Domain.Predictions;

/// <summary>How far predictions of one kind were off, and what that says of the next one. All figures are measured over said: 1 is right, 2 is twice as much as was said.</summary>
/// <remarks>
/// Over logarithms, so that half and twice are as far off. By medians: one outlier moves nothing beyond what the others have seen. With few
/// observations the <see cref="PredictionPrior"/> counts: as <see cref="PriorWeight"/> observations for the centre, and for the spread by the square.
/// </remarks>
/// <param name="Count">How many predictions were held against what came.</param>
/// <param name="Bias">The median; null: none was.</param>
/// <param name="Correction">What the next prediction is to be multiplied by: the bias, drawn towards 1 while there are few observations.</param>
/// <param name="Low">Nine of ten are expected from here on; more than 0.</param>
/// <param name="High">Nine of ten are expected up to here.</param>
public sealed record PredictionError(int Count, double? Bias, double Correction, double Low, double High)
{
    /// <summary>How many observations the prior is worth.</summary>
    public const int PriorWeight = 3;

    private const double NormalOfNinety = 1.645;

    // The median distance from the median, of a normal distribution, to its standard deviation.
    private const double DeviationOfMedian = 1.4826;

    /// <summary>Half of what the interval spans, as a share of the corrected prediction: the larger side.</summary>
    public double HalfWidth => Math.Max(High / Correction, Correction / Low) - 1;

    /// <summary>Holds what came against what was said. The order does not matter.</summary>
    /// <param name="ratios">Measured over said, each more than 0 and finite.</param>
    /// <param name="prior">What is believed before anything was seen.</param>
    /// <exception cref="ArgumentOutOfRangeException">A ratio is not more than 0, or not finite.</exception>
    public static PredictionError Of(IEnumerable<double> ratios, PredictionPrior prior)
    {
        ImmutableArray<double> logs = [.. ratios.Select(Log).Order()];
        var median = logs.IsEmpty ? 0 : Median(logs);
        var count = (double)logs.Length;
        var centre = median * count / (count + PriorWeight);
        var spread = logs.IsEmpty ? 0 : DeviationOfMedian * Median([.. logs.Select(log => Math.Abs(log - median)).Order()]);
        var believed = prior.HalfWidth / NormalOfNinety;
        var weight = PriorWeight * PriorWeight / ((PriorWeight * PriorWeight) + (count * count));
        // The centre itself is known from so many observations only.
        var variance = ((weight * believed * believed) + ((1 - weight) * spread * spread)) * (1 + (logs.IsEmpty ? 0 : (1 - weight) / count));
        var half = NormalOfNinety * Math.Sqrt(variance);
        return new(logs.Length, logs.IsEmpty ? null : Math.Exp(median), Math.Exp(centre), Math.Exp(centre - half), Math.Exp(centre + half));
    }

    private static double Log(double ratio) => ratio > 0 && double.IsFinite(ratio)
        ? Math.Log(ratio)
        : throw new ArgumentOutOfRangeException(nameof(ratio), ratio, "measured over said is more than 0 and finite");

    private static double Median(ImmutableArray<double> sorted) => (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
}

/// <summary>What is believed of a kind of prediction before any was held against what came: it is right, within so much.</summary>
/// <param name="HalfWidth">Half of the 90 % interval of the logarithm of measured over said, more than 0.</param>
public readonly record struct PredictionPrior(double HalfWidth)
{
    /// <summary>Of a kind, such that it holds 20 live moves of the service (docs/benchmarks/live-move.csv): measured over said was 0.87 to 1.17 in bytes, 1.16 to 1.87 in duration, 2.4 to 3.5 in downtime.</summary>
    public static PredictionPrior Of(PredictedKind kind) => new(Math.Log(kind switch
    {
        PredictedKind.Bytes => 1.2,
        PredictedKind.Duration => 2,
        PredictedKind.Downtime => 3.5,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "this kind has no prior"),
    }));
}

/// <summary>What is said of a move before it is made.</summary>
public enum PredictedKind
{
    /// <summary>Bytes that it sends.</summary>
    Bytes,

    /// <summary>From its begin to the VM running at its destination.</summary>
    Duration,

    /// <summary>How long the VM stands still.</summary>
    Downtime,
}
