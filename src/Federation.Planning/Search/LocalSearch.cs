using Federation.Planning.Model;

namespace Federation.Planning.Search;

/// <summary>Several starts, descent from the best of them, then rounds of shaking what was found and descending again.</summary>
/// <remarks>Bounded by a number of scored placements, so that the same seed gives the same answer on any machine.</remarks>
internal sealed class LocalSearch
{
    private const int Descents = 6;
    private const int RoundsBeforeLeaving = 12;
    private const int LeastEffort = 6_000;
    private const int EffortPerVm = 4_000;
    private const int MostEffort = 400_000;

    private readonly CostModel model;
    private readonly Incumbent incumbent;
    private readonly Random random;
    private readonly SearchClock clock;
    private readonly Scorer scorer;
    private readonly Starts starts;
    private readonly Neighbourhood neighbourhood;
    private long left;

    /// <summary>Prepares to search one problem; what it finds it offers to <paramref name="incumbent"/>.</summary>
    public LocalSearch(CostModel model, Incumbent incumbent, Random random, SearchClock clock)
    {
        (this.model, this.incumbent, this.random, this.clock) = (model, incumbent, random, clock);
        scorer = new(model);
        var (parts, filler) = (Parts.Of(model), new SiteFiller(model));
        starts = new(model, filler, parts, random);
        neighbourhood = new(model, filler, parts, random);
    }

    /// <summary>How many placements were scored.</summary>
    public long Scored { get; private set; }

    private bool IsOver => left <= 0 || clock.IsOver();

    /// <summary>Searches with a share of the full effort, or until the time is over; staying is always looked at.</summary>
    public void Run(double share)
    {
        left = (long)(share * Math.Clamp((long)EffortPerVm * model.VmCount, LeastEffort, MostEffort));
        var scored = new List<(int[] Assignment, Score Score)>();
        foreach (var start in starts.All())
        {
            scored.Add((start, ScoreOf(start)));
            if (IsOver)
            {
                return;
            }
        }

        Improve([.. scored.OrderBy(start => start.Score.Violation).ThenBy(start => start.Score.Value.Primary)
            .ThenBy(start => start.Score.Value.Secondary)]);
    }

    private void Improve((int[] Assignment, Score Score)[] best)
    {
        var (current, score) = best[0];
        for (var i = 0; i < Math.Min(Descents, best.Length) && !IsOver; i++)
        {
            var reached = Descend(best[i].Assignment, best[i].Score);
            (current, score) = i == 0 || reached.IsBetterThan(score) ? (best[i].Assignment, reached) : (current, score);
        }

        Shake(current, score);
    }

    private void Shake(int[] current, Score score)
    {
        for (var failures = 0; !IsOver;)
        {
            var shaken = failures < RoundsBeforeLeaving ? neighbourhood.Shake(current) : starts.AtRandom();
            var reached = Descend(shaken, ScoreOf(shaken));
            var accepted = !score.IsBetterThan(reached) || failures >= RoundsBeforeLeaving;
            failures = reached.IsBetterThan(score) || failures >= RoundsBeforeLeaving ? 0 : failures + 1;
            (current, score) = accepted ? (shaken, reached) : (current, score);
        }
    }

    // Takes every change that is an improvement, in a random order, until none is.
    private Score Descend(int[] current, Score score)
    {
        var trial = new int[current.Length];
        for (var improved = true; improved;)
        {
            improved = false;
            foreach (var change in neighbourhood.Shuffled())
            {
                if (IsOver)
                {
                    return score;
                }

                current.CopyTo(trial, 0);
                if (!neighbourhood.Apply(change, trial))
                {
                    continue;
                }

                var reached = ScoreOf(trial);
                if (reached.IsBetterThan(score))
                {
                    (score, improved) = (reached, true);
                    trial.CopyTo(current, 0);
                }
            }
        }

        return score;
    }

    private Score ScoreOf(int[] assignment)
    {
        left--;
        Scored++;
        var score = scorer.Of(assignment);
        // Only what would be the best is checked in full: the order of the moves is what the score does not know.
        var isCandidate = score.Violation == 0 && (incumbent.Best is not { } best || score.Value.IsBetterThan(best.Value));
        return isCandidate && !incumbent.Offer(assignment) ? score with { Violation = 1 } : score;
    }
}
