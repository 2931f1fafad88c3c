using Federation.Backtest.Worlds;

namespace Federation.Backtest.Runs;

/// <summary>Writes the log of one run. Not safe for several threads.</summary>
internal sealed class RunRecorder
{
    private readonly List<Stay> stays = [];
    private readonly List<Stretch> work = [];
    private readonly List<TakenPlan> plans = [];
    private readonly List<VmMove> moves = [];
    private readonly Outcome[] outcomes;

    /// <summary>A log in which nobody has started.</summary>
    public RunRecorder(World world) =>
        outcomes = [.. world.Applications.Select(application => new Outcome(application.Arrival, null, null, 0))];

    /// <summary>How often a plan was asked for.</summary>
    public int Evaluations { get; set; }

    public void Add(Stay stay) => stays.Add(stay);

    public void Add(Stretch stretch) => work.Add(stretch);

    public void Add(TakenPlan plan, IEnumerable<VmMove> made)
    {
        plans.Add(plan);
        moves.AddRange(made);
    }

    public void Started(int application, DateTimeOffset at) => outcomes[application] = outcomes[application] with { Started = at };

    public void Finished(int application, DateTimeOffset at) => outcomes[application] = outcomes[application] with { Finished = at };

    public void Paused(int application, TimeSpan span) => outcomes[application] = outcomes[application] with
    {
        PausedSeconds = outcomes[application].PausedSeconds + span.TotalSeconds,
    };

    public RunLog ToLog(string policy) => new()
    {
        Policy = policy,
        Stays = [.. stays],
        Work = [.. work],
        Plans = [.. plans],
        Moves = [.. moves],
        Outcomes = [.. outcomes],
        Evaluations = Evaluations,
    };
}
