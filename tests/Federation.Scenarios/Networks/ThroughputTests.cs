using System.Globalization;
using Federation.Domain.Guests;
using Federation.Domain.Sites;
using Federation.Scenarios.Sensors;
using Shouldly;
using Xunit;

namespace Federation.Scenarios.Networks;

/// <summary>Streams over the overlay, and over tunnels that were made by hand. tests/bench/overlay-throughput.sh asks for more and longer ones and makes the table.</summary>
public sealed class ThroughputTests
{
    private const string Application = "astro/cg.1";
    private const int Vni = 0x7c;
    private const int Mtu = 1500;

    private static int Rounds => Environment.GetEnvironmentVariable("FEDERATION_STREAMS") is { Length: > 0 } times ? int.Parse(times, CultureInfo.InvariantCulture) : 1;

    private static TimeSpan Each => TimeSpan.FromSeconds(Environment.GetEnvironmentVariable("FEDERATION_STREAM_SECONDS") is { Length: > 0 } seconds ? double.Parse(seconds, CultureInfo.InvariantCulture) : 0.2);

    [LabFact]
    public async Task Whatever_carries_a_stream_between_two_hosts_all_of_it_arrives()
    {
        using var device = new HandMadePair(Mtu);
        using var bridged = new HandMadePair(Mtu);
        using var wireGuard = new HandMadePair(Mtu);
        using var inWireGuard = new HandMadePair(Mtu);
        using var plain = await new OverlayLab(2, mtu: Mtu).Begin();
        using var secret = await new OverlayLab(2, mtu: Mtu).Begin();
        inWireGuard.WithWireGuard();
        (string How, Ends Ends)[] ways =
        [
            ("plain VXLAN, device", device.WithDevices()),
            ("plain VXLAN, bridge", bridged.WithVms(Mtu - 50)),
            ("overlay", await Overlay(plain)),
            ("wireguard-go", wireGuard.WithWireGuard()),
            ("VXLAN in wireguard-go", inWireGuard.WithVms(Mtu - 130, HandMadePair.Inside)),
            ("overlay, encrypted", await Overlay(secret)),
        ];
        using var one = new Tunnel(secret.Hosts[0], secret.Hosts[1]);
        using var other = new Tunnel(secret.Hosts[1], secret.Hosts[0]);
        await Tunnel.Until(LinkEncryption.Required, one, other, generation: 1);

        for (var round = 0; round < Rounds; round++)
        {
            foreach (var (how, ends) in ways)
            {
                var (sent, received, rate) = await ends.Stream(Each);
                sent.ShouldBeGreaterThan(0);
                received.ShouldBe(sent, how);
                Row(how, rate, await ends.Packets(Each));
            }
        }

        // Counted at last: a rule more than the others have would cost what is measured.
        plain.Hosts[0].CountPlainFrames();
        secret.Hosts[0].CountPlainFrames();
        foreach (var (how, ends) in ways.Where(way => way.How.StartsWith("overlay", StringComparison.Ordinal)))
        {
            (await ends.Packets(Each)).ShouldBeGreaterThan(0, how);
        }

        plain.Hosts[0].PlainFrames().ShouldBeGreaterThan(0);
        secret.Hosts[0].PlainFrames().ShouldBe(0);
    }

    private static async Task<Ends> Overlay(OverlayLab lab)
    {
        var segment = lab.Segment(Application, Vni, OverlayLab.Entry(Application, 1, lab.Hosts[0], 1), OverlayLab.Entry(Application, 2, lab.Hosts[1], 2));
        segment = segment with { Mtu = Mtu - 130 };
        foreach (var (host, entry) in lab.Hosts.Zip(segment.Entries.Values))
        {
            await host.Make(segment);
            var guest = lab.Guest(entry).Plug(host, Vni).RunAt(host);
            guest.Limit(segment.Mtu);
            host.See(entry.Port, GuestState.Running, guest.Tap);
            await host.Apply(segment);
        }

        return new(lab.Guests[0].Space, lab.Guests[1].Space, lab.Guests[1].Ip);
    }

    private static void Row(string how, double bytesPerSecond, double packetsPerSecond)
    {
        var row = string.Create(CultureInfo.InvariantCulture, $"{how.Replace(',', ';')},{bytesPerSecond * 8e-6:0.0},{packetsPerSecond:0}");
        TestContext.Current.TestOutputHelper?.WriteLine(row);
        if (Environment.GetEnvironmentVariable("FEDERATION_STREAMS_TABLE") is { Length: > 0 } file)
        {
            File.AppendAllText(file, row + "\n");
        }
    }
}
