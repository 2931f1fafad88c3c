using System.Globalization;
using Federation.Benchmarks.Measures;

// What docs/benchmarks/planner.md holds: each measure by its name, its figures after it.
switch (args)
{
    case ["growth", var effort, var rooms, var most, var seeds, .. var plot]:
        Growth.Run(Number(effort), rooms == "scarce", (int)Number(most), (int)Number(seeds), plot.FirstOrDefault());
        return 0;
    case ["small", var count]:
        SmallProblems.Run((int)Number(count));
        return 0;
    case ["proven", var wanted, var first, var perProof, var inAll]:
        ProvenProblems.Run((int)Number(wanted), (int)Number(first), TimeSpan.FromSeconds(Number(perProof)), TimeSpan.FromSeconds(Number(inAll)));
        return 0;
    case ["cpsat", var vms, var count, var seconds]:
        AgainstConstraintSolver.Run((int)Number(vms), (int)Number(count), TimeSpan.FromSeconds(Number(seconds)));
        return 0;
    case ["futures", var vms, var sites, var events, var seeds]:
        KnownFutures.Run((int)Number(vms), (int)Number(sites), (int)Number(events), (int)Number(seeds));
        return 0;
    case ["partition", var vms, var parts, var pairsPerVm, var seed, var effort]:
        Partitions.Run((int)Number(vms), (int)Number(parts), (int)Number(pairsPerVm), (int)Number(seed), Number(effort));
        return 0;
    case ["partitions", var parts, var effort, .. var folder]:
        Partitions.RunAll((int)Number(parts), Number(effort), folder.FirstOrDefault());
        return 0;
    default:
        Console.Error.WriteLine("""
            usage: growth LONG_EFFORT ample|scarce MOST_VMS SEEDS [SVG] | small COUNT | proven WANTED FIRST_SEED SECONDS_PER_PROOF SECONDS_IN_ALL
                 | cpsat VMS COUNT SECONDS | partition VMS PARTS PAIRS_PER_VM SEED EFFORT
                 | futures VMS SITES EVENTS SEEDS
                 | partitions PARTS EFFORT [FOLDER]
            """);
        return 1;
}

static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
