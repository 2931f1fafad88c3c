using CsCheck;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;
using Federation.Sensor.Spool;

namespace Federation.Sensor.Tests.Spool;

/// <summary>Things done to a spool one after another, and what has to be in it whenever they end.</summary>
internal sealed class SpoolScript(Guid boot)
{
    public static readonly Window Start = Window.Containing(new(2026, 11, 23, 17, 51, 0, TimeSpan.Zero));

    private readonly Dictionary<AppId, int> windows = [];
    private long sequence;

    /// <summary>What one step does.</summary>
    public enum Verb
    {
        Close,
        Deliver,
        TakeOnly,
        SkipWindow,
    }

    /// <summary>One step: an application, and how many VMs and peers a window that closes has.</summary>
    public readonly record struct Step(Verb Verb, int Application, int Vms, int Peers, int Packets);

    public static Gen<Step[]> Steps(int most) => (
        from verb in Gen.Frequency((8, Gen.Const(Verb.Close)), (2, Gen.Const(Verb.Deliver)), (1, Gen.Const(Verb.TakeOnly)), (1, Gen.Const(Verb.SkipWindow)))
        from application in Gen.Int[0, 1]
        from vms in Gen.Int[1, 2]
        from peers in Gen.Int[0, 4]
        from packets in Gen.Int[1, 300]
        select new Step(verb, application, vms, peers, packets)).Array[1, most];

    /// <summary>Reports that are certainly in.</summary>
    public Dictionary<long, NumberedReport> Waiting { get; } = [];

    /// <summary>Reports of a step that was under way: in or not.</summary>
    public Dictionary<long, NumberedReport> Uncertain { get; } = [];

    /// <summary>What was given up.</summary>
    public SpoolLoss Loss { get; private set; }

    /// <summary>Does steps until the end or until the power fails.</summary>
    public void Run(WindowSpool spool, IEnumerable<Step> steps)
    {
        foreach (var step in steps)
        {
            var application = AppId.Parse($"app{step.Application}");
            switch (step.Verb)
            {
                case Verb.Close:
                    Close(spool, application, step);
                    break;
                case Verb.SkipWindow:
                    NextWindow(application);
                    break;
                default:
                    Deliver(spool, application, step);
                    break;
            }
        }
    }

    private void Close(WindowSpool spool, AppId application, Step step)
    {
        var window = NextWindow(application);
        var reports = Enumerable.Range(0, step.Vms).Select(vm => new NumberedReport(
            new ReportOrigin("host1", boot, ++sequence),
            new WindowReport(
                new VmId($"vm{vm}"),
                window,
                [.. Enumerable.Range(0, step.Peers).Select(peer => new TrafficRecord(
                    Address.Parse($"10.0.{vm}.{peer}"), FlowDirection.Received, step.Packets + peer, (step.Packets * 100) + sequence))],
                Window.Length,
                step.Packets % 3))).ToList();
        reports.ForEach(report => Uncertain[report.Origin.Sequence] = report);
        Loss += spool.Append(application, reports);
        reports.ForEach(report => Waiting[report.Origin.Sequence] = report);
        Uncertain.Clear();
    }

    private void Deliver(WindowSpool spool, AppId application, Step step)
    {
        var taken = spool.Take(application, step.Packets % 7);
        if (step.Verb == Verb.TakeOnly)
        {
            return;
        }

        foreach (var number in taken.SelectMany(entry => entry.Reports()).Select(report => report.Origin.Sequence))
        {
            Uncertain[number] = Waiting.GetValueOrDefault(number)!;
            Waiting.Remove(number);
        }

        Delivered.AddRange(taken.SelectMany(entry => entry.Reports()));
        spool.Acknowledge(taken.Select(entry => entry.Id));
        Uncertain.Clear();
    }

    /// <summary>What the service was given, as often as it was given it.</summary>
    public List<NumberedReport> Delivered { get; } = [];

    private Window NextWindow(AppId application)
    {
        var window = windows.GetValueOrDefault(application);
        windows[application] = window + 1;
        return Start.Shift(window);
    }
}
