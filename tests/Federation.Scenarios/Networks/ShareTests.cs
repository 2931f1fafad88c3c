using System.Globalization;
using System.Net;
using Federation.Domain.Guests;
using Federation.Scenarios.Sensors;
using Shouldly;

namespace Federation.Scenarios.Networks;

public sealed class ShareTests
{
    private const int Vni = 0x79;
    private const double BytesPerSecond = 2.5e6;
    private const long Enough = 3_000_000;

    [LabFact]
    public async Task A_VM_that_floods_leaves_its_neighbour_at_least_four_fifths_of_a_fair_share()
    {
        using var lab = await new OverlayLab(2, BytesPerSecond).Begin();
        var (a, b) = (lab.Hosts[0], lab.Hosts[1]);
        var segment = lab.Segment("astro/cg.1", Vni,
            OverlayLab.Entry("astro/cg.1", 1, a, 1), OverlayLab.Entry("astro/cg.1", 2, a, 2), OverlayLab.Entry("astro/cg.1", 3, b, 3), OverlayLab.Entry("astro/cg.1", 4, b, 4));
        await a.Make(segment);
        await b.Make(segment);
        var guests = new List<OverlayGuest>();
        foreach (var entry in segment.Entries.Values)
        {
            var host = entry.At == a.Id ? a : b;
            guests.Add(lab.Guest(entry).Plug(host, Vni).RunAt(host));
            host.See(entry.Port, GuestState.Running, guests[^1].Tap);
        }

        await a.Apply(segment);
        await b.Apply(segment);
        await a.Plumber.Share([guests[0].Tap, guests[1].Tap], default);
        await a.Plumber.Share([guests[0].Tap, guests[1].Tap], default);

        using var over = new CancellationTokenSource();
        Task[] senders = [.. Enumerable.Range(0, 4).Select(_ => Send(guests[0], guests[2], 400, over.Token)), Send(guests[1], guests[3], 1200, over.Token)];
        await Hosts.Waiting.Until(() => Received(guests[2]) + Received(guests[3]) > Enough);
        var (floods, neighbour) = (Received(guests[2]), Received(guests[3]));
        await over.CancelAsync();
        await Task.WhenAll(senders);
        ((double)neighbour / (floods + neighbour)).ShouldBeGreaterThanOrEqualTo(0.8 * 0.5);

        await a.Plumber.Share([], default);
        a.Space.Exec("tc", "class", "show", "dev", "u0").ShouldNotContain("fed:10 ");
    }

    private static Task Send(OverlayGuest from, OverlayGuest to, int bytes, CancellationToken over) => Task.Factory.StartNew(
        () =>
        {
            using var socket = from.Udp(0);
            var target = new IPEndPoint(to.Ip, 9);
            for (var data = new byte[bytes]; !over.IsCancellationRequested;)
            {
                socket.SendTo(data, target);
            }
        },
        over, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static long Received(OverlayGuest guest) => long.Parse(guest.Space.Exec("cat", "/sys/class/net/eth0/statistics/rx_bytes"), CultureInfo.InvariantCulture);
}
