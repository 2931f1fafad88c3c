using System.Globalization;
using System.Net.Sockets;
using Federation.Domain.Guests;
using Federation.Host.Networks.Dhcp;
using Federation.Scenarios.Sensors;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;

namespace Federation.Scenarios.Networks;

public sealed class AddressingTests
{
    private const int Vni = 0x79;

    [LabFact]
    public async Task A_VM_that_asks_is_told_its_address_by_its_host_though_another_tenants_VM_there_has_the_same_hardware_address()
    {
        using var lab = await new OverlayLab(1).Begin();
        var host = lab.Hosts[0];
        using var dhcp = new DhcpDesk(tap => Open(host, tap), TimeProvider.System, NullLogger.Instance);
        var (mine, other) = (OverlayLab.Entry("astro/cg.1", 1, host, 1), OverlayLab.Entry("bio/cg.1", 1, host, 1));
        other = other with { Addresses = [Domain.Identity.Address.Parse("10.80.0.77")] };
        var guests = new List<OverlayGuest>();
        foreach (var (entry, vni) in new[] { (mine, Vni), (other, Vni + 1) })
        {
            var segment = lab.Segment(entry.Port.Vm.Application.Key, vni, entry);
            await host.Make(segment);
            guests.Add(lab.Guest(entry).Plug(host, vni).RunAt(host));
            host.See(entry.Port, GuestState.Running, guests[^1].Tap);
            await host.Apply(segment);
            dhcp.Serve(segment.Application, [TapLease.Of(segment, entry, guests[^1].Tap)!]);
        }

        foreach (var guest in guests)
        {
            guest.Space.In("addr flush dev eth0");
        }

        Ask(guests[0]).ShouldBe("bound 10.80.0.1 255.255.255.0 1500");
        Ask(guests[1]).ShouldBe("bound 10.80.0.77 255.255.255.0 1500");
    }

    // A client as it is in many small systems; what it was told, it tells a script.
    private static string Ask(OverlayGuest guest) =>
        guest.Space.Exec("sh", "-c", """
            script=$(mktemp)
            printf '#!/bin/sh\n[ "$1" = bound ] && echo "$1 $ip $subnet $mtu"; exit 0\n' > $script
            chmod +x $script
            busybox udhcpc -i eth0 -n -q -f -O mtu -s $script 2>/dev/null
            rm $script
            """).Trim();

    private static Socket Open(OverlayHost host, string tap) => TapSocket.Bind(
        host.Space.Socket(AddressFamily.Packet, SocketType.Raw, ProtocolType.Unspecified),
        int.Parse(host.Space.Exec("cat", $"/sys/class/net/{tap}/ifindex"), CultureInfo.InvariantCulture));
}
