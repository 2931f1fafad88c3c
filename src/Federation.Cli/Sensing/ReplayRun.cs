using System.Collections.Immutable;
using Federation.Api;
using Federation.Cli.Analysis;
using Federation.Cli.Output;
using Federation.Cli.Service;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;
using Federation.Sensor.Counting;
using Federation.Sensor.Posting;
using Federation.Sensor.Reporting;

namespace Federation.Cli.Sensing;

/// <summary>Reports a capture file to the service as a sensor would have.</summary>
/// <param name="call">The connection.</param>
/// <param name="path">The capture file.</param>
/// <param name="application">Whose VMs are in it.</param>
/// <param name="sensor">The sensor's name.</param>
/// <param name="times">How often it is reported, one after another.</param>
internal sealed class ReplayRun(ServiceCall call, string path, string application, string sensor, int times)
{
    /// <summary>Reads, counts and posts; prints what became of it.</summary>
    public async Task<int> Run()
    {
        var vms = await WatchedVms();
        var capture = CaptureReading.Read(path, call.Cancel);
        Require(capture, vms);
        var reports = Replay.Reports(capture, new WindowReporter(vms), Window.LastClosed(call.Terminal.Clock.GetUtcNow()), times).ToList();
        call.Terminal.Error.WriteLine(
            $"{path}: {capture.End.Frames} frames; posting {reports.Count} reports of {vms.Length} VMs to {call.Client.Access.Name}");
        var result = await Post(reports);
        call.Printer.Print(SummaryOf(reports, result), () => PageOf(reports, result));
        return Conclude(capture, result);
    }

    private async Task<ImmutableArray<WatchedVm>> WatchedVms()
    {
        var vms = await call.Get<VmDocument[]>(Route.To("vms").With("application", application));
        return vms.Length == 0
            ? throw new CommandFailure(
                $"the service knows no VM of an application '{application}'; add it with 'fedctl app apply -f FILE'")
            : [.. vms.Select(vm => new WatchedVm(new VmId(vm.Vm), [.. vm.Addresses.Select(Address.Parse)]))];
    }

    private void Require(CaptureTraffic capture, ImmutableArray<WatchedVm> vms)
    {
        var known = vms.SelectMany(vm => vm.Addresses).ToHashSet();
        if (!capture.Matrix().Keys.Any(pair => known.Contains(pair.Source) || known.Contains(pair.Destination)))
        {
            throw new CommandFailure($"{path}: no frame is from or to a VM of {application}; nothing was posted");
        }
    }

    private async Task<PostResult> Post(List<WindowReport> reports)
    {
        var access = call.Client.Access;
        if (access.Token is not { } token)
        {
            throw new CommandFailure($"a sensor needs a token; it was looked for in: {access.TokenFrom}");
        }

        var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        handler.SslOptions = access.Certificates?.Options() ?? handler.SslOptions;
        using var http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        var poster = new WindowPoster(
            http, new WindowPosterOptions { Server = new(access.Servers), Token = token }, call.Terminal.Clock, TellRetry);
        return await poster.Post(AppId.Parse(application), new ReportNumbering(sensor, Guid.NewGuid()).Number(reports), call.Cancel);
    }

    private void TellRetry(PostRetry retry) => call.Terminal.Error.WriteLine(
        $"attempt {retry.Attempt} failed ({Cells.Plain(retry.Reason)}); again in {Cells.Seconds(retry.Delay.TotalSeconds)}");

    private object SummaryOf(List<WindowReport> reports, PostResult result) => new
    {
        application, sensor, reports = reports.Count, result.Accepted, result.Duplicates, result.Refused,
        from = reports[0].Window, until = reports[^1].Window.End, failure = result.Failure?.Reason,
    };

    private Page PageOf(List<WindowReport> reports, PostResult result) => new Page()
        .Line($"{application}: windows {reports[0].Window} to {reports[^1].Window}, as sensor {sensor}")
        .Line($"  posted    {result.Answered} of {reports.Count}")
        .Line($"  accepted  {result.Accepted}")
        .Line($"  known     {result.Duplicates}")
        .Line($"  refused   {result.Refused.Length}")
        .Bullets("Refused", [.. result.Refused.Select(refused => $"{refused.Vm} {refused.Start}: {refused.Reason}")]);

    private int Conclude(CaptureTraffic capture, PostResult result)
    {
        if (result.Failure is { } failure)
        {
            call.Terminal.Error.WriteLine($"fedctl: {result.Answered} reports were delivered, then: {Cells.Plain(failure.Reason)}");
        }

        if (!capture.LeftOut.IsEmpty)
        {
            call.Terminal.Error.WriteLine(CaptureReading.LeftOutOf(path, capture));
        }

        if (capture.End.Truncated is { } reason)
        {
            call.Terminal.Error.WriteLine(CaptureReading.TruncationOf(path, capture.End.Frames, reason));
        }

        return result.Failure is null && result.Refused.IsEmpty && capture.End.Truncated is null ? ExitCode.Done : ExitCode.Error;
    }
}
