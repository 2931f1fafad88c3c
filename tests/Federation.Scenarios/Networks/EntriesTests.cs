using System.Globalization;
using Federation.Domain.Identity;
using Federation.Domain.Networks;
using Federation.Host.Networks;
using Federation.Scenarios.Sensors;
using Shouldly;
using Xunit;

namespace Federation.Scenarios.Networks;

/// <summary>Large networks in a host's kernel. tests/bench/overlay-entries.sh asks for more entries and makes the table.</summary>
public sealed class EntriesTests
{
    private const string Application = "astro/big.1";
    private const int Vni = 0x7d;
    private const int Hosts = 100;

    private static int Entries => Number("FEDERATION_ENTRIES", 300);

    private static int Rounds => Number("FEDERATION_ENTRIES_ROUNDS", 1);

    [LabFact]
    public async Task A_large_network_is_in_force_whole_and_a_VM_that_moves_in_it_too_and_an_agent_started_anew_changes_nothing()
    {
        using var lab = await new OverlayLab(1).Begin();
        var host = lab.Hosts[0];
        for (var round = 0; round < Rounds; round++)
        {
            var segment = Large(lab);
            await host.Make(segment);
            await Time("all entries put in force", () => host.Apply(segment));
            await IsInForce(host, segment);

            var (port, entry) = segment.Entries.Last();
            var moved = segment with { Revision = 2, Entries = segment.Entries.SetItem(port, entry with { At = HostOf(7), Revision = 2 }) };
            await Time("one VM's place changed", () => host.Apply(moved));
            await IsInForce(host, moved);

            host.Restart();
            await Time("an agent started anew looked at all of it", async () =>
            {
                await host.Plumber.Begin(CancellationToken.None);
                await host.Make(moved);
                await host.Apply(moved);
            });
            await IsInForce(host, moved);
            await host.Plumber.Remove(Vni, CancellationToken.None);
        }
    }

    private static Segment Large(OverlayLab lab)
    {
        var entries = Enumerable.Range(0, Entries).Select(number => new SegmentEntry(
            new(new(AppId.Parse(Application), new(string.Create(CultureInfo.InvariantCulture, $"vm{number}"))), 0),
            Address.Mac([0x52, 0x54, 0, 0, (byte)(number >> 8), (byte)number]), [Address.IPv4([10, 80, (byte)(number >> 8), (byte)number])], 1, 1, HostOf(number % Hosts)));
        var segment = lab.Segment(Application, Vni, [.. entries]);
        return segment with { Peers = segment.Peers.AddRange(Enumerable.Range(0, Hosts).Select(number => KeyValuePair.Create(HostOf(number), new SegmentPeer(HostOf(number), Address.IPv4([10, 78, 0, (byte)number]))))) };
    }

    private static VtepId HostOf(int number) => new(new("lyon"), string.Create(CultureInfo.InvariantCulture, $"h{number}"));

    private static async Task IsInForce(OverlayHost host, Segment segment) =>
        RuleChanges.Between(Vni, await host.Plumber.Read(Vni, CancellationToken.None), host.Rules(segment)).IsNothing.ShouldBeTrue();

    private static int Number(string variable, int otherwise) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    private static async Task Time(string what, Func<Task> work)
    {
        var begun = TimeProvider.System.GetTimestamp();
        await work();
        var row = string.Create(CultureInfo.InvariantCulture, $"{what},{TimeProvider.System.GetElapsedTime(begun).TotalMilliseconds:0}");
        TestContext.Current.TestOutputHelper?.WriteLine(row);
        if (Environment.GetEnvironmentVariable("FEDERATION_ENTRIES_TABLE") is { Length: > 0 } file)
        {
            File.AppendAllText(file, row + "\n");
        }
    }
}
