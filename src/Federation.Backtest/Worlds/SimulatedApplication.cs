using System.Collections.Immutable;
using Federation.Domain.Applications;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;

namespace Federation.Backtest.Worlds;

/// <summary>One application of a backtest: what it is, and what it really does. Compared by reference.</summary>
/// <param name="Spec">As its owner describes it, nowhere yet; its remaining time is what it needs on the reference core alone.</param>
/// <param name="Arrival">When it comes.</param>
/// <param name="Phases">What it says, phase after phase, over and over; at least one.</param>
public sealed record SimulatedApplication(Application Spec, DateTimeOffset Arrival, ImmutableArray<SimulatedPhase> Phases)
{
    private readonly double cycle = Phases.Sum(phase => phase.Seconds);

    /// <summary>How much it has to do, in seconds of the reference core.</summary>
    public double Work => Spec.Remaining.TotalSeconds;

    /// <summary>Which phase it is in, and how much work is left of the phase, once some is done.</summary>
    /// <param name="done">Work done, at least 0.</param>
    public (int Phase, double Left) PhaseAt(double done)
    {
        var within = done % cycle;
        for (var phase = 0; phase < Phases.Length; phase++)
        {
            within -= Phases[phase].Seconds;
            if (within < 0)
            {
                return (phase, -within);
            }
        }

        return (0, Phases[0].Seconds);
    }

    /// <summary>All the work that is left, as one phase of the mean traffic.</summary>
    /// <param name="done">Work done, less than all.</param>
    public SimulatedPhase Ahead(double done)
    {
        var left = new double[Phases.Length];
        for (var at = done; at < Work;)
        {
            var (phase, seconds) = PhaseAt(at);
            seconds = Math.Min(Math.Max(seconds, 1e-3), Work - at);
            left[phase] += seconds;
            at += seconds;
        }

        return Mean(left);
    }

    /// <summary>Work of several phases as one phase of the mean traffic; its groups are those of the phase that is the most of it.</summary>
    /// <param name="work">How much of each phase, in seconds; together more than 0.</param>
    public SimulatedPhase Mean(double[] work)
    {
        var (all, longest) = (work.Sum(), Array.IndexOf(work, work.Max()));
        var period = Phases[longest].Traffic.Period;
        return work.Count(seconds => seconds > 0) == 1
            ? Phases[longest]
            : new(all, TrafficMatrix.Combine(Phases.Select((phase, i) => (phase.Traffic, work[i] / all)), period), Phases[longest].Groups);
    }
}

/// <summary>A stretch of an application's work in which its traffic is the same. Compared by reference.</summary>
/// <param name="Seconds">How much work it is.</param>
/// <param name="Traffic">What is said for every period of work done.</param>
/// <param name="Groups">The communication groups in it.</param>
public sealed record SimulatedPhase(double Seconds, TrafficMatrix Traffic, ImmutableArray<ImmutableArray<VmId>> Groups);
