namespace Federation.Planning.Search;

/// <summary>Simulated annealing over single moves, swaps and moves of whole clusters.</summary>
internal sealed class Annealing(Walk walk, Clusters clusters, int[][] groups, Gathering gathering, OfferOrder offers)
{
    private const double ShareOfSwaps = 0.35;
    private const double ShareOfGathers = 0.05;
    private const double ShareOfCritical = 0.5;
    private const double ShareToPeers = 0.5;
    private const int TriesBetweenTemperatures = 64;
    private const int Samples = 200;
    private const int MostVmsOfGather = 64;
    private const double ShareThatIsSoft = 0.8;
    private const double Soft = 0.05;
    private const double Smooth = 0.3;

    private double temperature;
    private int level;

    /// <summary>What a single move from here raises the energy by, often: what temperatures are measured by.</summary>
    public double TypicalRise()
    {
        var rises = new List<double>(Samples);
        for (var i = 0; i < Samples; i++)
        {
            var vm = walk.Dice.Next(walk.Model.VmCount);
            var rise = walk.Try(vm, SeatFor(vm)) - walk.Now;
            if (rise > 0)
            {
                rises.Add(rise);
            }
        }

        rises.Sort();
        return rises.Count == 0 ? Math.Max(1e-9, Math.Abs(walk.Now) * 1e-3) : rises[rises.Count / 4];
    }

    /// <summary>Walks while so much work lasts, from hot to cold; violations weigh little, and strain something, at first only.</summary>
    public void Run(Temperatures range, long work)
    {
        var (start, tries) = (walk.Budget.Done, 0);
        while (!walk.Budget.IsOver && walk.Budget.Done - start < work)
        {
            if (tries++ % TriesBetweenTemperatures == 0)
            {
                var progress = (walk.Budget.Done - start) / (double)work;
                temperature = range.Hot * Math.Pow(range.Cold / range.Hot, progress);
                var firm = Math.Min(1, progress / ShareThatIsSoft);
                Shape(Soft * Math.Pow(1 / Soft, firm), Smooth * (1 - firm));
            }

            Step();
        }

        Shape(1, 0);
    }

    private void Shape(double hardness, double smoothness)
    {
        walk.Energy.Hardness = walk.Live.IsScarce ? hardness : 1;
        walk.Energy.Smoothness = smoothness;
        walk.Remeasure();
    }

    private void Step()
    {
        // A step that finds nothing to try is a step as well.
        walk.Budget.Spend(1);
        var kind = walk.Dice.Share();
        if (kind < ShareOfGathers)
        {
            Gather();
        }
        else if (kind < ShareOfGathers + ShareOfSwaps && walk.Live.IsScarce)
        {
            Swap();
        }
        else
        {
            Reseat();
        }
    }

    private void Reseat()
    {
        var vm = AnyVm();
        var seat = SeatFor(vm);
        var most = Most(walk.Now);
        if (seat != walk.Live.Seats[vm] && walk.Try(vm, seat, most) <= most)
        {
            walk.Move(vm, seat);
            walk.Commit();
        }
    }

    // A VM goes where it wants to be, and another one, that is in its way there, to where it was.
    private void Swap()
    {
        var one = AnyVm();
        var wanted = walk.Model.SiteOf[SeatFor(one)];
        var there = walk.Live.At(wanted);
        var other = there.Count > 0 && walk.Dice.Chance(0.8) ? there[walk.Dice.Next(there.Count)] : walk.Dice.Next(walk.Model.VmCount);
        var (seat, otherSeat) = (walk.Live.Seats[one], walk.Live.Seats[other]);
        if (seat == otherSeat || !walk.Model.Choices[one].Allows(otherSeat) || !walk.Model.Choices[other].Allows(seat))
        {
            return;
        }

        var most = Most(walk.Now);
        walk.Move(one, otherSeat);
        if (walk.Try(other, seat, most) <= most)
        {
            walk.Move(other, seat);
            walk.Commit();
        }
        else
        {
            walk.Undo();
        }
    }

    private void Gather()
    {
        var part = AnyPart();
        if (part.Length < 2)
        {
            return;
        }

        var before = walk.Now;
        var floor = walk.Dice.Next(offers.Floors);
        if (walk.Dice.Chance(0.2))
        {
            gathering.Reoffer(part, floor);
        }
        else
        {
            var from = walk.Live.Sites[part[walk.Dice.Next(part.Length)]];
            var to = walk.Model.SiteOf[SeatFor(part[walk.Dice.Next(part.Length)])];
            gathering.To(part, to, floor, reseat: walk.Dice.Chance(0.5));
            if (walk.Live.IsScarce && from != to && walk.Dice.Chance(0.7))
            {
                MakeRoom(part, to, from, floor);
            }
        }

        if (walk.Now <= Most(before))
        {
            walk.Commit();
        }
        else
        {
            walk.Undo();
        }
    }

    // Sends clusters of the same level the other way, until there is as much room as before.
    private void MakeRoom(ReadOnlySpan<int> part, int at, int to, int floor)
    {
        for (var sent = 0; sent < part.Length && !walk.Live.HasRoomAt(at);)
        {
            var there = walk.Live.At(at);
            var vm = there[walk.Dice.Next(there.Count)];
            if (part.Contains(vm))
            {
                sent++;
                continue;
            }

            var other = level < 0 ? [vm] : clusters.Of(vm, level);
            foreach (var member in other)
            {
                if (walk.Live.Sites[member] == at && !part.Contains(member))
                {
                    gathering.To([member], to, floor, reseat: false);
                }
            }

            sent += other.Length;
        }
    }

    // Metropolis' rule, the dice first: up to where a step may lead.
    private double Most(double before) => before + (temperature * -Math.Log(1 - walk.Dice.Share()));

    // Often one of those that all the others wait for: only there the run time can fall.
    private int AnyVm()
    {
        if (!walk.Dice.Chance(ShareOfCritical))
        {
            return walk.Dice.Next(walk.Model.VmCount);
        }

        if (walk.Live.Bottleneck is { } link)
        {
            // Somebody at either end of the link that everybody waits for.
            for (var i = 0; i < 8; i++)
            {
                var vm = walk.Dice.Next(walk.Model.VmCount);
                if (walk.Live.Sites[vm] == link.From || walk.Live.Sites[vm] == link.To)
                {
                    return vm;
                }
            }
        }

        var slowest = walk.Live.SlowestVm;
        var peers = walk.Model.Graph.Of(slowest);
        return peers.Length > 0 && walk.Dice.Chance(0.5) ? peers[walk.Dice.Next(peers.Length)].Vm : slowest;
    }

    private int SeatFor(int vm)
    {
        var peers = walk.Model.Graph.Of(vm);
        if (peers.Length > 0 && walk.Dice.Chance(ShareToPeers))
        {
            var site = walk.Live.Sites[peers[walk.Dice.Next(peers.Length)].Vm];
            if (site < walk.Model.SiteCount && walk.Model.Choices[vm].SeatsAt(site) is { Length: > 0 } seats)
            {
                return walk.Dice.Of<int>(seats);
            }
        }

        return walk.Dice.Of<int>(walk.Model.Candidates[vm]);
    }

    private ReadOnlySpan<int> AnyPart()
    {
        level = -1;
        if (groups.Length > 0 && (clusters.Levels == 0 || walk.Dice.Chance(0.3)))
        {
            return walk.Dice.Of<int[]>(groups);
        }

        if (clusters.Levels == 0)
        {
            return [];
        }

        level = walk.Dice.Next(clusters.Levels);
        var part = clusters.Of(AnyVm(), level);
        return part.Length <= MostVmsOfGather ? part : part.AsSpan(0, 0);
    }
}

/// <summary>The temperatures that an annealing begins and ends with, in the energy's unit.</summary>
/// <param name="Hot">The first.</param>
/// <param name="Cold">The last, lower.</param>
internal readonly record struct Temperatures(double Hot, double Cold);
