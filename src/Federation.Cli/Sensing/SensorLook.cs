using System.Net.Http.Json;
using System.Text.Json;
using Federation.Cli.Output;
using Federation.Cli.Terminals;
using Federation.Sensor.Daemon;
using Spectre.Console;

namespace Federation.Cli.Sensing;

/// <summary>Looks at the sensor of this host.</summary>
/// <param name="terminal">Where to.</param>
/// <param name="address">Where the sensor tells its status.</param>
/// <param name="format">How to print.</param>
internal sealed class SensorLook(Terminal terminal, string address, OutputFormat format)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <summary>Prints it once.</summary>
    public async Task<int> Once(CancellationToken cancel)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        var status = await Get(http, cancel);
        new Printer(terminal, format).Print(status, () => SensorPages.Status(status));
        return ExitCode.Done;
    }

    /// <summary>Shows who sends most to whom until it is stopped; once if nobody is watching.</summary>
    public async Task<int> Watch(CancellationToken cancel)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        var first = await Get(http, cancel);
        if (!terminal.IsInteractive || format != OutputFormat.Table)
        {
            new Printer(terminal, format).Print(first, () => SensorPages.Top(first));
            return ExitCode.Done;
        }

        try
        {
            await Consoles.Create(terminal, terminal.Out).Live(SensorPages.Top(first).Whole()).StartAsync(async display =>
            {
                while (true)
                {
                    await Task.Delay(Interval, terminal.Clock, cancel);
                    display.UpdateTarget(SensorPages.Top(await Get(http, cancel)).Whole());
                }
            });
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // Ctrl-C is how watching ends.
        }

        return ExitCode.Done;
    }

    private async Task<SensorStatus> Get(HttpClient http, CancellationToken cancel)
    {
        try
        {
            return await http.GetFromJsonAsync($"http://{address}/status", SensorStatusJson.Default.SensorStatus, cancel)
                ?? throw new JsonException("null");
        }
        catch (Exception fault) when (fault is HttpRequestException or JsonException or UriFormatException or TaskCanceledException
            && !cancel.IsCancellationRequested)
        {
            throw new CommandFailure(
                $"no sensor answers at {address} ({WhyNot(fault)}); start one with 'fedctl sensor run --config FILE', or give --at ADDRESS", fault);
        }
    }

    private static string WhyNot(Exception fault) =>
        fault is JsonException or HttpRequestException { StatusCode: not null } ? "what answers there is no sensor" : fault.Message;
}

/// <summary>A sensor's status for people.</summary>
internal static class SensorPages
{
    /// <summary>All that it tells but pairs.</summary>
    public static Page Status(SensorStatus status) => new Page()
        .Line($"sensor {status.Sensor}, {status.Backend} backend, started {Cells.Instant(status.StartedAt)}, boot {status.Boot}")
        .Line($"  watching   {List(status.Watched)}")
        .Line($"  VMs        {List(status.Vms)}")
        .Line($"  window     {Cells.Instant(status.Window)}; closed since the start: {status.Counts.Windows}, with gaps: {status.Counts.Gaps}")
        .Line($"  counted    {status.Counts.Packets} frames, {Cells.Bytes(status.Counts.Bytes)}; dropped: {status.Counts.Dropped}")
        .Line($"  waiting    {status.Spool.Reports} reports, {Cells.Bytes(status.Spool.Bytes)} on disk; merged: {status.Spool.Merged}, lost: {status.Spool.Lost}")
        .Line($"  delivered  {status.Delivery.Delivered} reports, refused: {status.Delivery.Refused}; last answer: {Last(status)}")
        .Line($"  clock      {Clock(status)}; jumps: {status.Counts.ClockSteps}")
        .Bullets("Not watched", [.. status.Faults.Select(fault => $"{fault.Key}: {fault.Value}")])
        .Bullets("Not delivered", status.Delivery.Failure is { } failure ? [failure] : []);

    /// <summary>Who sends most to whom.</summary>
    public static Page Top(SensorStatus status) => new Page()
        .Line($"sensor {status.Sensor} at {Cells.Instant(status.At)}, {status.Vms.Length} VMs, {status.Counts.Packets} frames, dropped {status.Counts.Dropped}, "
            + $"waiting {status.Spool.Reports} reports{Trouble(status.Delivery)}")
        .Gap()
        .Add(new Sheet("FROM", "TO", ">PACKETS/S", ">BYTES/S").Rows(status.Pairs, pair =>
            [pair.Source, pair.Destination, Cells.Number(pair.PacketsPerSecond, 1), Cells.Bytes(pair.BytesPerSecond)]));

    // Away is who does not answer: one that answers with a no has to be asked why.
    private static string Trouble(DeliveryStatus delivery) => delivery switch
    {
        { Failure: null } => "",
        { IsAway: true } => ", service away",
        { Answer: >= 500 or 408 or 429 } => $", service out or busy ({delivery.Answer})",
        { Answer: { } status } => $", refused by the service ({status}): 'fedctl sensor status' says why",
        _ => ", not delivered: 'fedctl sensor status' says why",
    };

    private static string List(IReadOnlyCollection<string> names) => names.Count == 0 ? "nothing" : string.Join(", ", names);

    private static string Last(SensorStatus status) =>
        status.Delivery.LastAnswer is { } at ? Cells.Instant(at) : "none yet";

    private static string Clock(SensorStatus status) => status.Delivery.ClockOffset is { } offset
        ? $"the service's is {Cells.Number(Math.Abs(offset), 3)} s {(offset < 0 ? "behind" : "ahead")}"
        : "not compared yet";
}
