using Federation.Domain.Applications;
using Federation.Planning.Live;
using Federation.Planning.Model;

namespace Federation.Planning.Search;

/// <summary>Estimates at which sites a set of VMs would do best, before any is tried. Mutable, for one thread.</summary>
internal sealed class SiteRanking
{
    private readonly CostModel model;
    private readonly LinkFactors links;
    private readonly OfferOrder offers;
    private readonly double perSecond;
    private readonly int[] member;
    private readonly double[] figure;
    private readonly int[] able;
    private readonly double[] sent;
    private readonly double[] received;
    private readonly double[] waits;
    private readonly int[] sites;
    private int ranking;

    /// <summary>Prepares to rank.</summary>
    public SiteRanking(CostModel model, LinkFactors links, OfferOrder offers)
    {
        (this.model, this.links, this.offers) = (model, links, offers);
        perSecond = model.Problem.View.Application.Objective == Objective.Time ? 1 : MedianPrice(model);
        member = new int[model.VmCount];
        (figure, able, sites) = (new double[model.SiteCount], new int[model.SiteCount], new int[model.SiteCount]);
        (sent, received, waits) = (new double[links.Width], new double[links.Width], new double[links.Width]);
    }

    /// <summary>The best sites for a set of VMs, at most so many, the best first. Valid until the next call. O(VMs' candidates and peers).</summary>
    public ReadOnlySpan<int> Top(Walk walk, ReadOnlySpan<int> part, int floor, int most)
    {
        Read(walk, part, floor);
        var count = 0;
        for (var site = 0; site < figure.Length; site++)
        {
            if (able[site] == part.Length && (part.Length > 1 || HasRoom(walk, part[0], site)))
            {
                figure[site] += Talk(site);
                sites[count++] = site;
            }
        }

        most = Math.Min(most, count);
        for (var i = 0; i < most; i++)
        {
            var best = i;
            for (var j = i + 1; j < count; j++)
            {
                best = figure[sites[j]] < figure[sites[best]] ? j : best;
            }

            (sites[i], sites[best]) = (sites[best], sites[i]);
        }

        return sites.AsSpan(0, most);
    }

    private bool HasRoom(Walk walk, int vm, int site)
    {
        if (!walk.Live.IsScarce)
        {
            return true;
        }

        foreach (var seat in model.Choices[vm].SeatsAt(site))
        {
            if (walk.Live.HasRoom(vm, seat))
            {
                return true;
            }
        }

        return false;
    }

    private void Read(Walk walk, ReadOnlySpan<int> part, int floor)
    {
        ranking++;
        Array.Clear(figure);
        Array.Clear(able);
        Array.Clear(sent);
        Array.Clear(received);
        Array.Clear(waits);
        foreach (var vm in part)
        {
            member[vm] = ranking;
        }

        var work = 0;
        foreach (var vm in part)
        {
            foreach (var site in model.CandidateSites[vm])
            {
                able[site]++;
                figure[site] += Alone(vm, site, floor);
            }

            foreach (ref readonly var edge in model.Graph.Of(vm))
            {
                if (member[edge.Vm] != ranking)
                {
                    var at = walk.Live.Sites[edge.Vm];
                    sent[at] += edge.Sent.Bytes;
                    received[at] += edge.Received.Bytes;
                    waits[at] += edge.Sent.Waits + edge.Received.Waits;
                }
            }

            work += model.Graph.Degree(vm) + model.CandidateSites[vm].Length;
        }

        walk.Budget.Spend(work);
    }

    private double Alone(int vm, int site, int floor)
    {
        var seat = offers.Of(floor, model.Choices[vm], site)[0];
        return model.Problem.View.Application.Objective switch
        {
            Objective.Cost => model.Hosting[seat].Bill(offers.Seconds(floor), model.Arrives(vm, site)) + model.Fixed(vm, seat) + model.Preference(vm, site),
            Objective.Time => model.RunAlone(vm, seat) + model.Downtime(vm, seat),
            _ => model.Hosting[seat].PerSecondNow > 0 ? model.Vcpus[seat] : 0.001 * model.Vcpus[seat],
        };
    }

    private double Talk(int site)
    {
        double money = 0, seconds = 0;
        for (var at = 0; at < sent.Length; at++)
        {
            if (waits[at] > 0 || sent[at] > 0 || received[at] > 0)
            {
                var (there, back) = ((site * links.Width) + at, (at * links.Width) + site);
                if (links.Missing[there] || links.Missing[back])
                {
                    return double.MaxValue;
                }

                money += (sent[at] * links.MoneyPerByte[there]) + (received[at] * links.MoneyPerByte[back]);
                seconds += (waits[at] * (links.SecondsPerWait[there] + links.SecondsPerWait[back]) / 2)
                    + (sent[at] * links.SecondsPerByte[there]) + (received[at] * links.SecondsPerByte[back]);
            }
        }

        return model.Problem.View.Application.Objective == Objective.Time ? seconds : money + (seconds * perSecond);
    }

    private static double MedianPrice(CostModel model)
    {
        var prices = model.Hosting.Select(curve => curve.PerSecondNow).Where(double.IsFinite).Order().ToArray();
        return prices.Length == 0 ? 0 : prices[prices.Length / 2];
    }
}
