using System.Text.Json;
using CsCheck;
using Federation.Domain.Identity;
using Federation.Domain.Json;
using Federation.Domain.Sites;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Sites;

/// <summary>Random sequences at a site with three hosts: VMs come, move from host to host, leave and end, while hosts are cordoned and lost.</summary>
public sealed class HostLedgerProperties
{
    private static readonly string[] Names = ["h1", "h2", "h3"];
    private static readonly Site Site = Samples.Site("rennes", Offer("small", 1), Offer("large", 4));

    private static readonly Gen<Step> Steps =
        from act in Gen.Frequency(
            (6, Gen.Const(Act.Come)), (6, Gen.Const(Act.Move)), (5, Gen.Const(Act.Confirm)), (5, Gen.Const(Act.Arrive)), (4, Gen.Const(Act.BeginLeaving)),
            (4, Gen.Const(Act.Depart)), (1, Gen.Const(Act.CancelLeaving)), (1, Gen.Const(Act.Cancel)), (1, Gen.Const(Act.Release)), (1, Gen.Const(Act.Expire)),
            (1, Gen.Const(Act.Cordon)), (1, Gen.Const(Act.Uncordon)), (1, Gen.Const(Act.Lose)), (1, Gen.Const(Act.Hear)))
        from vm in Gen.Int[0, 4]
        from number in Gen.Int[1, 2]
        from moves in Gen.Bool
        from host in Gen.Int[0, 2]
        from minutes in Gen.Frequency((4, Gen.Const(0)), (1, Gen.Const(3)))
        select new Step(act, vm, number, moves, Names[host], minutes);

    // The same VM goes on by the same reservation, so that sequences come further than to a first place.
    private static readonly Gen<Step[]> Sequences =
        from steps in Steps.Array[1, 60]
        from follows in Gen.Frequency((3, Gen.Const(true)), (1, Gen.Const(false))).Array[60]
        select Followed(steps, follows);

    internal enum Act
    {
        Come, Move, Confirm, Arrive, BeginLeaving, CancelLeaving, Depart, Release, Cancel, Expire, Cordon, Uncordon, Lose, Hear,
    }

    [Fact]
    public void No_host_gives_more_than_it_has_and_a_VM_counts_on_both_hosts_until_it_has_moved() =>
        Sequences.Sample(Run, iter: RandomSequences.Count(3_000));

    private static void Run(Step[] steps)
    {
        var (ledger, hosts, truth, now) = (new SiteLedger(), Sized(), new HostTruth(), Samples.Now);
        foreach (var step in steps)
        {
            now += TimeSpan.FromMinutes(step.Minutes);
            hosts = After(hosts, step, now);
            var door = new Door(hosts.Bounded(Site, ledger), SiteApprovals.None, now) { Hosts = hosts };
            var (next, yes) = Do(ledger, door, step);
            truth.Told(step, hosts, next, yes, now);
            var (again, same) = Do(next, door, step);
            (same || !yes).ShouldBeTrue("asked again, a yes stays a yes");
            Text(yes ? again : next).ShouldBe(Text(next), "asked again, nothing changes");
            truth.Compare(next, now);
            ledger = next;
        }
    }

    private static (SiteLedger Ledger, bool Yes) Do(SiteLedger ledger, Door door, Step step)
    {
        var (next, verdict) = step.Act switch
        {
            Act.Come or Act.Move => ledger.Admit(door, [step.Request], Ledgers.Lifetime),
            Act.Confirm => ledger.Confirm(door, step.Ref, step.Reservation),
            Act.Arrive => ledger.Arrive(door, step.Ref, step.Reservation),
            Act.BeginLeaving => ledger.BeginLeaving(door, step.Ref, step.Migration),
            Act.CancelLeaving => (ledger.CancelLeaving(step.Ref, step.Migration), Verdict.Feasible),
            Act.Depart => (ledger.Depart(step.Ref, step.Migration, door.Now), Verdict.Feasible),
            Act.Cancel => (ledger.Cancel(step.Reservation), Verdict.Feasible),
            Act.Release => (ledger.Release(step.Ref, door.Now), Verdict.Feasible),
            Act.Expire => (ledger.Expire(door.Now), Verdict.Feasible),
            _ => (ledger, Verdict.Feasible),
        };
        return (next, verdict.IsFeasible);
    }

    private static SiteHosts After(SiteHosts hosts, Step step, DateTimeOffset now) => step.Act switch
    {
        Act.Cordon => hosts.Order(Site.Id, step.Host, HostState.Cordoned, "ada", now).Hosts,
        Act.Uncordon => hosts.Uncordon(Site.Id, step.Host).Hosts,
        Act.Hear => hosts.Heard(step.Host, HostTruth.Facts(step.Host), now).Hosts,
        Act.Lose => Names.Where(name => name != step.Host).Aggregate(hosts, (some, name) => some.Named(name) is { LostSince: null }
            ? some.Heard(name, HostTruth.Facts(name), now.AddMinutes(1)).Hosts : some).Miss(now.AddMinutes(1), TimeSpan.FromSeconds(30)).Hosts,
        _ => hosts,
    };

    private static SiteHosts Sized() => Names.Aggregate(SiteHosts.None, (hosts, name) => hosts.Heard(name, HostTruth.Facts(name), Samples.Now).Hosts);

    private static string Text(SiteLedger ledger) => JsonSerializer.Serialize(ledger, DomainJson.Options);

    private static Step[] Followed(Step[] steps, bool[] follows)
    {
        for (var i = 1; i < steps.Length; i++)
        {
            steps[i] = follows[i] ? steps[i] with { Vm = steps[i - 1].Vm, Number = steps[i - 1].Number, Moves = steps[i - 1].Moves } : steps[i];
        }

        return steps;
    }

    private static Offer Offer(string name, int vcpus) => new(name, vcpus, vcpus * Samples.GiB, 1, null, PriceSchedule.Always(1));

    internal sealed record Step(Act Act, int Vm, int Number, bool Moves, string Host, int Minutes)
    {
        private static readonly AppId App = new(new("astro"), "cg", 1);

        public VmRef Ref => new(App, new($"vm{Vm}"));

        public MigrationId Migration => new(new(App, Number), Vm + 1);

        public ReservationId Reservation => Moves || Act == Act.Move ? ReservationId.OfStep(Migration) : ReservationId.OfStart(new(App, Number));

        public AdmissionRequest Request => new(Reservation, Ref, Vm < 3 ? "large" : "small", new(1, Samples.GiB, []), CoreHours: 0)
        {
            Wishes = new([new("vm0"), new("vm3")], [new("vm1"), new("vm4")]),
        };

        public override string ToString() => $"{Act} vm{Vm} {Number}{(Moves ? "m" : "")} {Host} +{Minutes}";
    }
}
