using System.CommandLine;
using Federation.Cli.Analysis;
using Federation.Cli.Commandline;
using Federation.Cli.Files;
using Federation.Cli.Output;
using Federation.Cli.Terminals;
using Federation.Domain.Applications;
using Federation.Domain.Detection;
using Federation.Domain.Groups;

namespace Federation.Cli.Commands;

/// <summary><c>fedctl analyze CAPTURE</c>: traffic and communication groups of a capture file.</summary>
internal sealed class AnalyzeCommand
{
    private const string Auto = "auto";

    private readonly Argument<string> capture = new("CAPTURE") { Description = "A pcap or pcapng file, gzipped or not" };

    private readonly Option<string?> metric = Shared.Word(
        "--metric", "What the weight of a pair counts; auto: what costs most where pairs are split, by --sites and --objective. Default packets",
        "packets", "bytes", Auto);

    private readonly Option<double?> ratio = Values.Number(
        "--ratio", "R", "How much of a group's mean weight a pair needs to join a VM to it. Default 0.5 for packets, 0.6 for bytes", 0, 1);

    private readonly Option<double?> floor = Values.Number(
        "--floor", "PER_SECOND", "A pair below it never counts. Default 10 packets/s, or 10000 bytes/s", 0, double.MaxValue);

    private readonly Option<string?> detector = Shared.Word(
        "--detector", "How groups are found; auto: greedy for small and steady traffic, leiden otherwise. Default greedy",
        "greedy", "leiden", Auto);

    private readonly Option<double?> resolution = Values.Number(
        "--resolution", "R", "For leiden: what a group's pairs exchange on average, as a share of the mean weight. Default: found from the traffic",
        0.0001, 10_000);

    private readonly Option<string?> sites = new("--sites") { Description = "For --metric auto: a folder of site files", HelpName = "DIR" };

    private readonly Option<string?> objective = Shared.Word(
        "--objective", "For --metric auto: what is to be made small. Default cost", "cost", "time", "utilization");

    private readonly Option<bool> inner = new("--inner")
    {
        Description = "Count what VXLAN and GENEVE carry by its own addresses and without the tunnel's bytes, instead of the tunnel's ends",
    };

    private readonly Option<OutputFormat> output = Shared.Output();

    /// <summary>The command.</summary>
    public static Verb Create(Terminal terminal)
    {
        var command = new AnalyzeCommand();
        return new Verb(
            "analyze",
            "Count the traffic in a capture file, and find its communication groups",
            "fedctl analyze cg-a-8.pcap.gz",
            "fedctl analyze cg-a-8.pcap.gz --metric bytes --ratio 0.6 -o json",
            "fedctl analyze cg-a-8.pcap.gz --detector leiden",
            "fedctl analyze uplink.pcapng --inner",
            "fedctl analyze cg-a-8.pcap.gz --metric auto --sites sites/ --objective cost")
        {
            Remarks = "Exit code 0: done; 1: no capture, or one that is cut short: then what could be read is printed all the same.",
        }
            .With(command.capture, command.metric, command.ratio, command.floor, command.detector, command.resolution, command.sites,
                command.objective, command.inner, command.output)
            .Does((parse, cancel) => Task.FromResult(command.Run(parse, terminal, cancel)));
    }

    private int Run(ParseResult parse, Terminal terminal, CancellationToken cancel)
    {
        var path = parse.GetRequiredValue(capture);
        var traffic = CaptureReading.Read(path, parse.GetValue(inner), cancel);
        var analysis = new CaptureAnalysis(traffic);
        if (!TryChooseMetric(parse, terminal, analysis, out var chosen))
        {
            return ExitCode.Error;
        }

        var options = OptionsOf(parse, chosen);
        var choice = analysis.DetectorFor(options);
        var document = analysis.Document(GroupDetectors.Of(choice.Kind), options);
        new Printer(terminal, parse.GetValue(output)).Print(document, () => AnalysisPage.Of(document, options, choice, chosen));
        if (document.Frames is { Counted: 0, Read: > 0 })
        {
            terminal.Error.WriteLine(CaptureReading.LeftOutOf(path, traffic));
        }

        if (traffic.End.Truncated is not { } reason)
        {
            return ExitCode.Done;
        }

        terminal.Error.WriteLine(CaptureReading.TruncationOf(path, traffic.End.Frames, reason));
        return ExitCode.Error;
    }

    // False, once the faults are printed, if the sites have any; no choice if the metric was named.
    private bool TryChooseMetric(ParseResult parse, Terminal terminal, CaptureAnalysis analysis, out MetricChoice? choice)
    {
        choice = null;
        if (parse.GetValue(metric) != Auto)
        {
            var needless = new Option[] { sites, objective }.FirstOrDefault(option => parse.GetResult(option) is not null);
            return needless is null ? true : throw new CommandFailure($"{needless.Name} can be given with --metric auto only");
        }

        var folder = parse.GetValue(sites)
            ?? throw new CommandFailure("--metric auto needs --sites DIR: what splitting pairs costs depends on the links");
        var (federation, _, faults) = FederationFiles.Read(folder, null);
        FaultList.Print(faults, terminal.Error);
        if (!faults.IsEmpty)
        {
            return false;
        }

        var wanted = Enum.Parse<Objective>(parse.GetValue(objective) ?? nameof(Objective.Cost), ignoreCase: true);
        choice = MetricChoice.Of(analysis.Traffic, [.. federation!.Values], wanted, packetsPerExchange: 1, terminal.Clock.GetUtcNow());
        return true;
    }

    private GroupingOptions OptionsOf(ParseResult parse, MetricChoice? chosen)
    {
        var options = new GroupingOptions
        {
            Metric = chosen?.Metric ?? (parse.GetValue(metric) == "bytes" ? Metric.Bytes : Metric.Packets),
            Detector = Enum.Parse<DetectorKind>(parse.GetValue(detector) ?? nameof(DetectorKind.Greedy), ignoreCase: true),
            Resolution = parse.GetValue(resolution),
        };
        options = parse.GetValue(ratio) is { } share ? options with { Ratio = share } : options;
        return parse.GetValue(floor) is { } rate ? options with { FloorPerSecond = rate } : options;
    }
}
