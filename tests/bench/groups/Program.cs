using System.Globalization;
using Federation.Groups.Bench;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
return args switch
{
    ["recover", .. var rest] => Recovery.Run(rest),
    ["make", var vms, var groups, var edges, var inside, var file] =>
        Timing.Make(int.Parse(vms), int.Parse(groups), int.Parse(edges), double.Parse(inside), file),
    ["time", var file, var share, var runs] => Timing.Time(file, double.Parse(share), int.Parse(runs)),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("groups-bench recover [SEEDS] | make VMS GROUPS EDGES INSIDE FILE | time FILE SHARE RUNS");
    return 1;
}
