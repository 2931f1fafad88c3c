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
                $"no sensor answers at {address} ({fault.Message}); start one with 'fedctl sensor run --config FILE', or give --at ADDRESS", fault);
        }
    }
}
