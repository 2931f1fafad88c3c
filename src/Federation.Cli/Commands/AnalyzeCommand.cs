using System.CommandLine;
using Federation.Cli.Analysis;
using Federation.Cli.Commandline;
using Federation.Cli.Output;
using Federation.Cli.Terminals;
using Federation.Domain.Groups;

namespace Federation.Cli.Commands;

/// <summary><c>fedctl analyze CAPTURE</c>: traffic and communication groups of a capture file.</summary>
internal sealed class AnalyzeCommand
{
    private readonly Argument<string> capture = new("CAPTURE") { Description = "A pcap or pcapng file, gzipped or not" };
    private readonly Option<string?> metric = Shared.Word("--metric", "What the weight of a pair counts. Default packets", "packets", "bytes");

    private readonly Option<double?> ratio = Values.Number(
        "--ratio", "R", "How much of a group's mean weight a pair needs to join a VM to it. Default 0.5 for packets, 0.6 for bytes", 0, 1);

    private readonly Option<double?> floor = Values.Number(
        "--floor", "PER_SECOND", "A pair below it never counts. Default 10 packets/s, or 10000 bytes/s", 0, double.MaxValue);

    private readonly Option<string?> detector = new("--detector") { Description = "How groups are found. Default greedy", HelpName = "greedy" };
    private readonly Option<OutputFormat> output = Shared.Output();

    private AnalyzeCommand() => detector.Validators.Add(result =>
    {
        if (result.GetValue(detector) is { } name and not "greedy")
        {
            result.AddError($"--detector: '{name}' is not in this version; the only detector is greedy");
        }
    });

    /// <summary>The command.</summary>
    public static Verb Create(Terminal terminal)
    {
        var command = new AnalyzeCommand();
        return new Verb(
            "analyze",
            "Count the traffic in a capture file, and find its communication groups",
            "fedctl analyze cg-a-8.pcap.gz",
            "fedctl analyze cg-a-8.pcap.gz --metric bytes --ratio 0.6 -o json")
        {
            Remarks = "Exit code 0: done; 1: no capture, or one that is cut short: then what could be read is printed all the same.",
        }
            .With(command.capture, command.metric, command.ratio, command.floor, command.detector, command.output)
            .Does((parse, cancel) => Task.FromResult(command.Run(parse, terminal, cancel)));
    }

    private int Run(ParseResult parse, Terminal terminal, CancellationToken cancel)
    {
        var path = parse.GetRequiredValue(capture);
        var traffic = CaptureReading.Read(path, cancel);
        var options = OptionsOf(parse);
        var analysis = CaptureAnalysis.Of(traffic, new GreedyDetector(), options);
        new Printer(terminal, parse.GetValue(output)).Print(analysis, () => AnalysisPage.Of(analysis, options));
        if (traffic.End.Truncated is not { } reason)
        {
            return ExitCode.Done;
        }

        terminal.Error.WriteLine(CaptureReading.TruncationOf(path, traffic.End.Frames, reason));
        return ExitCode.Error;
    }

    private GroupingOptions OptionsOf(ParseResult parse)
    {
        var options = new GroupingOptions { Metric = parse.GetValue(metric) == "bytes" ? Metric.Bytes : Metric.Packets };
        options = parse.GetValue(ratio) is { } share ? options with { Ratio = share } : options;
        return parse.GetValue(floor) is { } rate ? options with { FloorPerSecond = rate } : options;
    }
}
