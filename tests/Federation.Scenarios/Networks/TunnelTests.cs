using System.Collections.Immutable;
using System.Globalization;
using Federation.Domain.Guests;
using Federation.Domain.Identity;
using Federation.Domain.Networks;
using Federation.Domain.Sites;
using Federation.Host.Tunnels;
using Federation.Scenarios.Sensors;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;

namespace Federation.Scenarios.Networks;

public sealed class TunnelTests
{
    private const string Application = "astro/cg.1";
    private const int Vni = 0x7b;

    [LabFact]
    public async Task Frames_between_sites_are_encrypted_while_they_flow_and_none_is_lost_when_keys_are_renewed()
    {
        using var lab = await new OverlayLab(2).Begin();
        var guests = await Talkers(lab);
        using var one = new Tunnel(lab.Hosts[0], lab.Hosts[1]);
        using var other = new Tunnel(lab.Hosts[1], lab.Hosts[0]);
        using var echo = new Echo(guests[0], (byte)'a');
        await using var pings = new Pinging(guests[1], guests[0].Ip);
        await pings.UntilAnswered();
        var plain = lab.Hosts[0].PlainFrames();
        plain.ShouldBeGreaterThan(0);

        var begun = pings.Sent;
        await Until(LinkEncryption.On, one, other, generation: 1);
        await pings.Ask(20);
        var (encrypted, changed) = (lab.Hosts[0].PlainFrames(), pings.Sent);
        await pings.Ask(50);
        lab.Hosts[0].PlainFrames().ShouldBe(encrypted);

        // Only one of the two has keys that are too old: the other one follows.
        one.Clock.Ahead(TimeSpan.FromHours(25));
        await Until(LinkEncryption.On, one, other, generation: 2);
        await pings.Ask(50);
        lab.Hosts[0].PlainFrames().ShouldBe(encrypted);
        var last = pings.Sent;
        await pings.Ask(20);
        await pings.UntilAnswered();
        Enumerable.Range(begun, last - begun).Where(number => !pings.Answers.ContainsKey(number))
            .ShouldBeEmpty($"asked from {begun} on, encrypted before {changed}, until {last}");

        one.Clock.Ahead(KeyRenewal.Overlap);
        await one.Look(LinkEncryption.On, other);
        one.Desk.Ends.ShouldHaveSingleItem().Generation.ShouldBe(2);
    }

    [LabFact]
    public async Task Where_encryption_is_required_nothing_goes_and_nothing_is_taken_that_is_not_encrypted()
    {
        using var lab = await new OverlayLab(2).Begin();
        var guests = await Talkers(lab);
        using var one = new Tunnel(lab.Hosts[0], lab.Hosts[1]);
        using var other = new Tunnel(lab.Hosts[1], lab.Hosts[0]);
        using var echo = new Echo(guests[0], (byte)'a');
        await using var pings = new Pinging(guests[1], guests[0].Ip);
        await pings.UntilAnswered();

        // The other one has no end yet, and goes on sending as it did.
        await one.Look(LinkEncryption.Required, other);
        await pings.Ask(10);
        var (from, answered) = (pings.Sent, lab.Hosts[0].PlainFrames());
        await pings.Ask(30);
        pings.Lost(from, from + 30).ShouldBe(30);
        lab.Hosts[0].PlainFrames().ShouldBe(answered);
        lab.Hosts[1].PlainFrames().ShouldBeGreaterThan(answered);

        await Until(LinkEncryption.Required, one, other, generation: 1);
        await pings.UntilAnswered();
        lab.Hosts[0].PlainFrames().ShouldBe(answered);
    }

    // Both look in turn, as their agents do, until all goes by a generation.
    private static async Task Until(LinkEncryption encryption, Tunnel one, Tunnel other, int generation) => await Hosts.Waiting.Until(async () =>
        await one.Look(encryption, other) & await other.Look(encryption, one) && one.Goes(generation) && other.Goes(generation));

    private static async Task<ImmutableArray<OverlayGuest>> Talkers(OverlayLab lab)
    {
        var entries = lab.Hosts.Select((host, index) => OverlayLab.Entry(Application, index + 1, host, index + 1)).ToArray();
        var segment = lab.Segment(Application, Vni, entries);
        var guests = ImmutableArray.CreateBuilder<OverlayGuest>();
        foreach (var (host, entry) in lab.Hosts.Zip(entries))
        {
            host.CountPlainFrames();
            await host.Make(segment);
            var guest = lab.Guest(entry).Plug(host, Vni).RunAt(host);
            host.See(guest.Port, GuestState.Running, guest.Tap);
            await host.Apply(segment);
            guests.Add(guest);
        }

        return guests.ToImmutable();
    }

    /// <summary>The tunnels of one host to another, which is at another site.</summary>
    private sealed class Tunnel : IDisposable
    {
        private readonly DirectoryInfo keys = Directory.CreateTempSubdirectory("federation-keys-");
        private readonly OverlayHost host;
        private readonly OverlayHost peer;

        public Tunnel(OverlayHost host, OverlayHost peer)
        {
            (this.host, this.peer) = (host, peer);
            // The name goes into that of the devices, which no other test may have.
            var devices = new WireGuardDevices(new(host.Id.Site, host.Space.Name), new() { Address = host.Address, Launcher = ["ip", "netns", "exec", host.Space.Name] }, 1580, TimeProvider.System);
            Desk = new(
                host.Id,
                devices,
                new(new(Path.Combine(keys.FullName, "ends")), devices, 51820, TimeSpan.FromHours(24), Clock, NullLogger.Instance),
                new(isRelay: false, 125_000, TimeSpan.FromSeconds(30), Clock),
                new(Path.Combine(keys.FullName, "relays.json")),
                Clock,
                NullLogger.Instance);
        }

        public AheadClock Clock { get; } = new();

        public TunnelDesk Desk { get; }

        /// <summary>The agent hears of the other one's ends, and looks.</summary>
        public async Task<bool> Look(LinkEncryption encryption, Tunnel other)
        {
            var site = new SiteId("elsewhere");
            var heeded = Desk.Heed(
                [new SegmentPeer(new(site, peer.Id.Host), peer.Address) { Tunnels = other.Desk.Ends }],
                new([]) { Encryption = ImmutableSortedDictionary<SiteId, LinkEncryption>.Empty.Add(site, encryption) },
                CancellationToken.None);
            var isDone = await Desk.Look(() => { }, CancellationToken.None);
            await heeded;
            return isDone;
        }

        /// <summary>Whether frames for the other one go by a generation.</summary>
        public bool Goes(int generation) => host.Space.Exec("ip", "route", "show", "table", "4789").Split('\n')
            .Any(line => line.StartsWith($"{peer.Address} dev fw", StringComparison.Ordinal) && line.TrimEnd().Split(' ')[2].EndsWith(generation.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));

        public void Dispose()
        {
            foreach (var line in host.Space.Exec("ip", "-o", "link").Split('\n').Where(line => line.Contains(": fw", StringComparison.Ordinal)))
            {
                // What carries a device in a process ends with it.
                host.Space.In($"link del dev {line.Split(' ')[1].TrimEnd(':')}");
            }

            keys.Delete(recursive: true);
        }
    }

    /// <summary>A clock that can be set ahead.</summary>
    private sealed class AheadClock : TimeProvider
    {
        private TimeSpan ahead;

        public void Ahead(TimeSpan by) => ahead += by;

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + ahead;

        public override long GetTimestamp() => System.GetTimestamp() + (long)(ahead.TotalSeconds * System.TimestampFrequency);

        public override long TimestampFrequency => System.TimestampFrequency;
    }
}
