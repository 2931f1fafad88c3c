using System.Net.Http.Json;
using System.Text.Json;
using Federation.Cli.Output;
using Federation.Cli.Terminals;
using Federation.Domain.Json;
using Federation.Host.Daemon;

namespace Federation.Cli.Hosting;

/// <summary>Looks at the agent of this host.</summary>
/// <param name="terminal">Where to.</param>
/// <param name="address">Where the agent tells its status.</param>
/// <param name="format">How to print.</param>
internal sealed class AgentLook(Terminal terminal, string address, OutputFormat format)
{
    /// <summary>Prints it once.</summary>
    public async Task<int> Once(CancellationToken cancel)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        var state = await Get(http, cancel);
        new Printer(terminal, format).Print(state, () => PageOf(state));
        return ExitCode.Done;
    }

    private async Task<AgentState> Get(HttpClient http, CancellationToken cancel)
    {
        try
        {
            return await http.GetFromJsonAsync<AgentState>($"http://{address}/status", DomainJson.Options, cancel) ?? throw new JsonException("null");
        }
        catch (Exception fault) when (fault is HttpRequestException or JsonException or UriFormatException or TaskCanceledException
            && !cancel.IsCancellationRequested)
        {
            throw new CommandFailure(
                $"no agent answers at {address} ({WhyNot(fault)}); start one with 'fedctl host run --config FILE', or give --at ADDRESS", fault);
        }
    }

    private static Page PageOf(AgentState state)
    {
        var page = new Page().Line($"agent of host {state.Site}/{state.Host}, started {Cells.Instant(state.StartedAt)}");
        if (state.Facts is { } facts)
        {
            page.Line($"  hypervisor {facts.Hypervisor.Driver} {facts.Hypervisor.Version}{(facts.Hypervisor.IsEmulated ? ", emulated" : "")}")
                .Line($"  size       {facts.Vcpus} vCPUs, {Cells.Bytes(facts.MemoryBytes)} memory, {Cells.Bytes(facts.DiskBytes)} disk");
        }

        return page
            .Line($"  service    told last {Last(state.ReportedAt)}, asked last {Last(state.AskedAt)}; answers waiting: {state.Answers}, orders since the start: {state.Orders}")
            .Gap()
            .Add(new Sheet("VM", "STATE", "REMARK").Rows(state.Guests, guest => [$"{guest.Vm}", guest.State.ToString().ToLowerInvariant(), guest.Remark ?? guest.Transfer?.Fault ?? ""]))
            .Bullets("Remarks", [.. state.Facts?.Hypervisor.Remarks ?? []])
            .Bullets("Service not reached", state.Failure is { } failure ? [failure] : []);
    }

    private static string Last(DateTimeOffset? at) => at is { } then ? Cells.Instant(then) : "never yet";

    private static string WhyNot(Exception fault) =>
        fault is JsonException or HttpRequestException { StatusCode: not null } ? "what answers there is no agent" : fault.Message;
}
