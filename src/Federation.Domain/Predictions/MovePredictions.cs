using System.Collections.Immutable;
using Federation.Domain.Identity;
using Federation.Domain.Migration;

namespace Federation.Domain.Predictions;

/// <summary>How far off the predictions of one kind were, of the live moves over one link.</summary>
/// <param name="From">The site that the VMs left.</param>
/// <param name="To">The site that they went to; the same one: moves between its hosts.</param>
/// <param name="Kind">What was predicted.</param>
/// <param name="Error">How far off it was.</param>
public sealed record LinkPrediction(SiteId From, SiteId To, PredictedKind Kind, PredictionError Error);

/// <summary>Holds what moves took against what had been said of them.</summary>
public static class MovePredictions
{
    /// <summary>By link and kind, in the order of sites; empty: nothing was measured. The order of the moves does not matter, and one that is there twice counts once.</summary>
    /// <remarks>Live moves that were done count. A cold one and a restart stand still for what they are told to, and one that was rolled back has sent less than it would have.</remarks>
    public static ImmutableArray<LinkPrediction> Of(IEnumerable<MigrationState> moves) =>
    [
        .. from move in moves.DistinctBy(move => move.Order.Id)
           where move.Phase == MigrationPhase.Done && move.Order.Terms.IsLive && !move.Order.IsRestart
           from pair in Pairs(move)
           where pair.Said > 0 && pair.Measured > 0
           group pair.Measured.GetValueOrDefault() / pair.Said by (move.Order.From.Site, To: move.Order.To.Site, pair.Kind) into one
           orderby one.Key.Site, one.Key.To, one.Key.Kind
           select new LinkPrediction(one.Key.Site, one.Key.To, one.Key.Kind, PredictionError.Of(one, PredictionPrior.Of(one.Key.Kind))),
    ];

    private static IEnumerable<(PredictedKind Kind, double Said, double? Measured)> Pairs(MigrationState move) =>
    [
        (PredictedKind.Bytes, move.Order.Bytes, move.SentBytes),
        (PredictedKind.Duration, move.Order.DurationSeconds, move.TookSeconds),
        (PredictedKind.Downtime, move.Order.DowntimeSeconds, move.StoodStillSeconds),
    ];
}
