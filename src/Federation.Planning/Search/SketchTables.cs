using Federation.Planning.Live;
using Federation.Planning.Model;

namespace Federation.Planning.Search;

/// <summary>What a <see cref="Sketch"/> looks up: who talks to whom, what that takes between sites, and what a VM takes at one.</summary>
internal sealed class SketchTables
{
    private const double MissingLinkInDearest = 1000;

    private readonly CostModel model;
    private readonly double seconds;

    /// <param name="model">The problem.</param>
    /// <param name="links">Its links.</param>
    /// <param name="offers">Which offer a VM takes at a site.</param>
    /// <param name="floor">How fast it is, at least, where there is one that fast.</param>
    public SketchTables(CostModel model, LinkFactors links, OfferOrder offers, int floor)
    {
        (this.model, Nowhere, seconds) = (model, links.Nowhere, offers.Seconds(floor));
        Between = FactorsOf(model, links);
        (First, Exchanges) = ExchangesOf(model);
        SeatAt = SeatsOf(model, offers, floor);
    }

    /// <summary>The site that is none.</summary>
    public int Nowhere { get; }

    /// <summary>What a wait and a byte take from a site to another; by <see cref="LinkFactors.Width"/> times the one plus the other.</summary>
    public Factors[] Between { get; }

    /// <summary>Where a VM's exchanges begin, and end where the next one's begin.</summary>
    public int[] First { get; }

    /// <summary>The exchanges of all VMs, one VM's after the other's.</summary>
    public Exchange[] Exchanges { get; }

    /// <summary>The seat that a VM takes at a site; -1: none.</summary>
    public int[][] SeatAt { get; }

    /// <summary>What a VM costs at a site whatever the others do, but for the time that it runs.</summary>
    public double Alone(int vm, int site) => site == Nowhere ? 0 : model.Fixed(vm, SeatAt[vm][site]) + model.Preference(vm, site);

    /// <summary>For how many seconds it stands still on its way there.</summary>
    public double Downtime(int vm, int site) => site == Nowhere ? 0 : model.Downtime(vm, SeatAt[vm][site]);

    /// <summary>The seconds that it computes there, and waits for endpoints.</summary>
    public double Compute(int vm, int site) => site == Nowhere ? 0 : model.RunAlone(vm, SeatAt[vm][site]);

    /// <summary>What a second there costs.</summary>
    public double Price(int vm, int site) => site == Nowhere ? 0 : model.Hosting[SeatAt[vm][site]].Over(seconds) / seconds;

    private static Factors[] FactorsOf(CostModel model, LinkFactors links)
    {
        var dearest = links.MoneyPerByte.Max() + links.SecondsPerByte.Max();
        return [.. Enumerable.Range(0, links.Width * links.Width).Select(pair => new Factors(
            links.SecondsPerWait[pair] * model.Felt,
            (links.SecondsPerByte[pair] * model.Felt) + (links.Missing[pair] ? dearest * MissingLinkInDearest : 0),
            links.MoneyPerByte[pair] + (links.Missing[pair] ? dearest * MissingLinkInDearest : 0)))];
    }

    private static (int[] First, Exchange[] Exchanges) ExchangesOf(CostModel model)
    {
        var first = new int[model.VmCount + 1];
        var exchanges = new List<Exchange>();
        for (var vm = 0; vm < model.VmCount; vm++)
        {
            foreach (ref readonly var edge in model.Graph.Of(vm))
            {
                exchanges.Add(new(edge.Vm, (float)edge.Sent.Waits, (float)edge.Sent.Bytes, (float)edge.Received.Waits, (float)edge.Received.Bytes));
            }

            first[vm + 1] = exchanges.Count;
        }

        return (first, [.. exchanges]);
    }

    private static int[][] SeatsOf(CostModel model, OfferOrder offers, int floor)
    {
        var known = new Dictionary<Choice, int[]>();
        return [.. model.Choices.Select(choice => known.TryGetValue(choice, out var seats)
            ? seats
            : known[choice] = [.. Enumerable.Range(0, model.SiteCount).Select(site => offers.Of(floor, choice, site) is [var seat, ..] ? seat : -1)])];
    }

    /// <summary>What a wait and a byte take from one site to another.</summary>
    public readonly record struct Factors(double SecondsPerWait, double SecondsPerByte, double MoneyPerByte);

    /// <summary>What a VM exchanges with a peer. Short, so that more of them are close to the processor; it is a sketch.</summary>
    public readonly record struct Exchange(int Vm, float WaitsOut, float BytesOut, float WaitsIn, float BytesIn);
}
