using System.Collections.Immutable;
using Federation.Domain.Guests;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;
using Federation.Domain.Networks;

namespace Federation.Domain.Tests.Networks;

/// <summary>Some hosts, the service and one VM that moves between them: messages take as long as they like, copies are lost, sources resume by themselves.</summary>
internal sealed class SegmentWorld
{
    public static readonly VmRef Vm = new(AppId.Parse("astro/cg.1"), new("vm1"));
    public static readonly Address Mac = Address.Parse("52:54:00:00:00:01");
    private static readonly SegmentPort Port = new(Vm, 0);
    private static readonly ImmutableArray<SegmentNic> Nics = [new(Mac, [Address.Parse("10.42.0.1")])];

    private readonly Host[] hosts;
    private readonly Dictionary<VtepId, long> acknowledged = [];
    private readonly Queue<(VtepId? At, long Epoch)> untold = [];
    private readonly List<string> story = [];
    private Move? move;
    private Host? owner;
    private long epoch;

    public SegmentWorld(int count) => hosts = [.. Enumerable.Range(1, count).Select(number => new Host(new(new("s"), $"h{number}"), $"10.0.0.{number}"))];

    public SegmentRegister Register { get; private set; } = new() { Application = Vm.Application, Vni = 1, Mtu = 1420, Subnet = Subnet.Parse("10.42.0.0/24") };

    /// <summary>How many moves have ended at their destination.</summary>
    public int Moved { get; private set; }

    /// <summary>How many were taken back after they had begun.</summary>
    public int TakenBack { get; private set; }

    public string Story => string.Join("; ", story);

    /// <summary>Something happens: what is wanted, or the next that can.</summary>
    public void Do(int what)
    {
        var (here, there) = (hosts[what / 100 % hosts.Length], hosts[what / 10_000 % hosts.Length]);
        for (var tried = 0; tried < Acts; tried++)
        {
            var act = (what + tried) % Acts;
            if (Do(act, here, there, isRare: what / 1000 % 8 == 0))
            {
                story.Add($"{act} {here.Id.Host} {there.Id.Host}");
                return;
            }
        }
    }

    private const int Acts = 24;

    private bool Do(int act, Host here, Host there, bool isRare) => act switch
    {
        0 or 1 => Ask(here),
        2 or 3 => Hear(here),
        4 => here.IsStale && Refresh(here),
        5 => Tell(),
        6 => Start(here),
        7 or 8 => Expect(there),
        9 or 10 => Begin(),
        11 => Source(GuestState.Running, GuestState.AtSwitch),
        12 => Source(GuestState.AtSwitch, GuestState.Sending),
        13 => Receive(),
        14 => move?.To.Copy == GuestState.Received && Source(GuestState.Sending, GuestState.Sent),
        15 => Activate(),
        16 => Run(),
        17 => Clear(),
        18 => isRare && Resume(),
        19 => isRare && LoseDestination(),
        20 => isRare && LoseSource(),
        21 => isRare && DieThere(),
        22 => isRare && Reboot(here),
        _ => isRare && Forget(),
    };

    /// <summary>Hosts that send the VM's frames round in a circle; null: none do.</summary>
    public string? Circle()
    {
        foreach (var start in hosts)
        {
            var (at, seen) = (start, new HashSet<Host>());
            while (at.Table is { } table && table.Forwarded.Contains(Mac))
            {
                if (!seen.Add(at))
                {
                    return string.Join(" -> ", seen.Select(host => host.Id.Host));
                }

                at = Named(table.Remote[Mac]);
            }
        }

        return null;
    }

    /// <summary>Lets all messages arrive, and everything be done that needs nobody's decision.</summary>
    public void Settle()
    {
        // A source that went on by itself is not left so: its move is taken back.
        while (move is { Resumed: true } && Resume())
        {
        }

        for (var round = 0; round < 20; round++)
        {
            while (Tell())
            {
            }

            foreach (var host in hosts)
            {
                Ask(host);
                Hear(host);
                Refresh(host);
            }
        }
    }

    /// <summary>From which hosts frames do not arrive at the copy that runs, where all is quiet and one runs; null: they do.</summary>
    public string? Lost()
    {
        if (hosts.Where(host => host.Copy == GuestState.Running).ToList() is not [var runs])
        {
            return null;
        }

        var lost = hosts.Where(host => host.Table is not null && !Arrives(host, runs)).Select(host => host.Id.Host).ToList();
        return lost.Count == 0 ? null : $"{string.Join(", ", lost)} to {runs.Id.Host}";
    }

    /// <summary>What is not as it should be once all is quiet: a host that sends on for ever, or one that is of the segment without need; null: nothing.</summary>
    public string? Leftover()
    {
        var known = Register.Vms.GetValueOrDefault(Vm);
        var needed = known is null ? [] : known.Hosts.ToHashSet();
        return known is { Former.IsEmpty: false } ? $"{string.Join(", ", known.Former)} send on for ever"
            : Register.Hosts.Keys.FirstOrDefault(host => !needed.Contains(host)) is { Host: not null } left ? $"{left} is a host without need"
            : Register.Leaving.FirstOrDefault() is { Host: not null } leaves ? $"{leaves} never leaves"
            : hosts.FirstOrDefault(host => host.Segment is not null && !Register.Hosts.ContainsKey(host.Id)) is { } has ? $"{has.Id} has something of the segment"
            : null;
    }

    private bool Arrives(Host from, Host runs)
    {
        for (var (at, hops) = (from, 0); hops < 10; hops++)
        {
            if (at.Table is not { } table)
            {
                return false;
            }

            if (table.Local.ContainsKey(Mac))
            {
                return at == runs;
            }

            // Only a host that sends on passes what comes from another one.
            if (!table.Remote.TryGetValue(Mac, out var to) || (hops > 0 && !table.Forwarded.Contains(Mac)))
            {
                return false;
            }

            at = Named(to);
        }

        return false;
    }

    private Host Named(VtepId id) => hosts.Single(host => host.Id == id);

    private long Acknowledged(VtepId host) => acknowledged.GetValueOrDefault(host);

    private void Change(Func<SegmentRegister, SegmentRegister> step) => Register = step(Register).Settled(Acknowledged);

    // A question of an agent: what it has is heard, and the answer is on its way.
    private bool Ask(Host host)
    {
        if (host.Answer is not null)
        {
            return false;
        }

        var known = host.Segment?.Revision;
        if (Register.Hosts.ContainsKey(host.Id))
        {
            acknowledged[host.Id] = known ?? 0;
            Change(register => register);
        }
        else if (known is null)
        {
            Change(register => register.Left(host.Id));
        }

        host.Answer = Register.NewsFor(host.Id, known);
        return host.Answer is not null;
    }

    private static bool Hear(Host host)
    {
        if (host.Answer is not { } update)
        {
            return false;
        }

        host.Answer = null;
        host.Segment = update.Leaves ? null : update.Since == 0 ? Segment.Whole(update) : host.Segment?.With(update) ?? throw new InvalidOperationException("an update that does not fit");
        return Refresh(host);
    }

    // What the agent sees of its copies is in force a little later.
    private static bool Refresh(Host host)
    {
        host.Seen = (host.Segment, host.Copy);
        host.Table = host.Segment is null ? null : ForwardingTable.Of(host.Segment, host.Id, host.Copy is { } copy
            ? new Dictionary<SegmentPort, LocalCopy> { [Port] = new(copy, "tap") }
            : []);
        return true;
    }

    private bool Tell()
    {
        if (!untold.TryDequeue(out var record))
        {
            return false;
        }

        Place(record.At, record.Epoch);
        return true;
    }

    private void Place(VtepId? at, long since) => Change(register => at is { } host
        ? register.Joined(host, NetworkOf(host)).Placed(Vm, host, since, Nics, Acknowledged)
        : register.Placed(Vm, null, since, [], Acknowledged));

    private HostNetwork NetworkOf(VtepId host) => new(Address.Parse(Named(host).Below), 1500);

    private void Own(Host? at)
    {
        owner = at;
        epoch++;
        untold.Enqueue((at?.Id, epoch));
    }

    // A VM that is nowhere starts once its host has acknowledged it; the wait for that is part of it, and others go on meanwhile.
    private bool Start(Host at)
    {
        if (owner is not null && owner.Copy is null && move is null && hosts.All(host => host.Copy is null))
        {
            while (Tell())
            {
            }

            if (Register.Vms.GetValueOrDefault(Vm) is { } placed && placed.At == owner.Id && Acknowledged(owner.Id) >= placed.MovedAt)
            {
                owner.Copy = GuestState.Running;
                return true;
            }

            return false;
        }

        if (owner is null && hosts.All(host => host.Copy is null))
        {
            Own(at);
            return true;
        }

        return false;
    }

    private bool Expect(Host to)
    {
        if (move is not null || owner?.Copy != GuestState.Running || to == owner || to.Copy is not null)
        {
            return false;
        }

        epoch++;
        move = new(owner, to, epoch);
        Place(owner.Id, epoch);
        Change(register => register.Joined(to.Id, NetworkOf(to.Id)).Expected(Vm, to.Id, epoch));
        return true;
    }

    private bool Begin()
    {
        if (move is not { HasBegun: false } || Register.Vms[Vm].ExpectedAt is not (> 0 and var expected))
        {
            return false;
        }

        if (Acknowledged(move.From.Id) < expected || Acknowledged(move.To.Id) < expected)
        {
            return false;
        }

        move.HasBegun = true;
        move.To.Copy = GuestState.Receiving;
        return true;
    }

    private bool Source(GuestState before, GuestState after)
    {
        if (move is not { HasBegun: true, WasActivated: false, Resumed: false } || move.From.Copy != before)
        {
            return false;
        }

        move.From.Copy = after;
        return true;
    }

    private bool Receive()
    {
        if (move is not { HasBegun: true, From.Copy: GuestState.Sending, To.Copy: GuestState.Receiving })
        {
            return false;
        }

        move.To.Copy = GuestState.Received;
        return true;
    }

    // The record is written before the copy is told to run.
    private bool Activate()
    {
        if (move is not { WasActivated: false, To.Copy: GuestState.Received } || move.From.Copy is not (null or GuestState.Sent))
        {
            return false;
        }

        move.WasActivated = true;
        Own(move.To);
        return true;
    }

    private bool Run()
    {
        if (move is not { WasActivated: true, To.Copy: GuestState.Received } || owner != move.To)
        {
            return false;
        }

        move.To.Copy = GuestState.Running;
        return true;
    }

    private bool Clear()
    {
        if (move is not { WasActivated: true, To.Copy: GuestState.Running })
        {
            return false;
        }

        move.From.Copy = null;
        move = null;
        Moved++;
        return true;
    }

    // Taken back: what is at the destination is gone or cleared first where the source has sent all; a source at its switch goes on by itself before anybody has decided it.
    private bool Resume()
    {
        if (move is not { } back || back.WasActivated || back.From.Copy is null)
        {
            return false;
        }

        if (back.From.Copy is GuestState.AtSwitch or GuestState.Sending && !back.Resumed)
        {
            back.From.Copy = GuestState.Running;
            back.Resumed = true;
            return true;
        }

        if (back.To.Copy is not null)
        {
            Own(back.From);
            back.To.Copy = null;
            return true;
        }

        if (back.HasBegun)
        {
            Own(back.From);
        }
        else
        {
            Change(register => register.Unexpected(Vm, back.Epoch));
        }

        back.From.Copy = GuestState.Running;
        TakenBack += back.HasBegun ? 1 : 0;
        move = null;
        return true;
    }

    private bool LoseDestination()
    {
        if (move is not { To.Copy: GuestState.Receiving or GuestState.Received } || (move.WasActivated && move.From.Copy is null))
        {
            return false;
        }

        move.To.Copy = null;
        if (move.WasActivated)
        {
            TakeBackActivated();
        }

        return true;
    }

    // It ran there and did not live.
    private bool DieThere()
    {
        if (move is not { WasActivated: true, To.Copy: GuestState.Running, From.Copy: GuestState.Sent })
        {
            return false;
        }

        move.To.Copy = null;
        TakeBackActivated();
        return true;
    }

    private void TakeBackActivated()
    {
        Own(move!.From);
        move.WasActivated = false;
        move.Resumed = true;
    }

    private bool LoseSource()
    {
        if (move is { HasBegun: true, To.Copy: GuestState.Received, WasActivated: false } && move.From.Copy is not null)
        {
            move.From.Copy = null;
            return true;
        }

        var lost = owner;
        if (lost?.Copy is null || (move is not null && move.To.Copy is not null))
        {
            return false;
        }

        (lost.Copy, move) = (null, null);
        Own(null);
        return true;
    }

    private bool Reboot(Host host)
    {
        (host.Segment, host.Table, host.Answer) = (null, null, null);
        if (move is { } moves && (moves.From == host || moves.To == host))
        {
            (moves.From.Copy, moves.To.Copy, move) = (null, null, null);
            Own(null);
        }
        else if (owner == host)
        {
            Own(null);
        }

        host.Copy = null;
        return true;
    }

    // The service starts anew: what hosts have acknowledged has to be told again.
    private bool Forget()
    {
        acknowledged.Clear();
        return true;
    }

    private sealed class Host(VtepId id, string below)
    {
        public VtepId Id { get; } = id;

        public string Below { get; } = below;

        public Segment? Segment { get; set; }

        public SegmentUpdate? Answer { get; set; }

        public ForwardingTable? Table { get; set; }

        public GuestState? Copy { get; set; }

        public (Segment?, GuestState?) Seen { get; set; }

        public bool IsStale => Seen != (Segment, Copy);
    }

    private sealed class Move(Host from, Host to, long epoch)
    {
        public Host From { get; } = from;

        public Host To { get; } = to;

        public long Epoch { get; } = epoch;

        public bool HasBegun { get; set; }

        public bool WasActivated { get; set; }

        public bool Resumed { get; set; }
    }
}
