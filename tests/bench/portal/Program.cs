using System.Globalization;
using Federation.Portal.Bench;

// What the portal costs who looks and who runs it; tests/bench/portal.sh says more. Prints rows of a Markdown table.
//   graph VMS EDGES DRAWN RUNS   an application of so many VMs and pairs in a browser: opening it, dragging it, all of it at once
//   viewers VIEWERS SECONDS      so many circuits that look at the overview of a federation in which something happens
switch (args)
{
    case ["graph", var vms, var edges, var drawn, var runs]:
        await GraphRun.Run(Number(vms), Number(edges), Number(drawn), Number(runs));
        return 0;
    case ["viewers", var viewers, var seconds]:
        await ViewersRun.Run(Number(viewers), TimeSpan.FromSeconds(Number(seconds)));
        return 0;
    default:
        await Console.Error.WriteLineAsync("portal-bench graph VMS EDGES DRAWN RUNS | viewers VIEWERS SECONDS");
        return 1;
}

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
