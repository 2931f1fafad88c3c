using System.Collections.Immutable;
using CsCheck;
using Federation.Domain.Guests;
using Federation.Domain.Identity;
using Federation.Domain.Networks;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Networks;

public sealed class ForwardingTableTests
{
    private static readonly AppId Application = AppId.Parse("astro/cg.1");
    private static readonly VtepId Here = new(new("s"), "here");

    // What one host does with an interface's frames, each case by itself: where it is by the service, where it goes, whether this host sent on before, and what its own copy does.
    private static readonly (string At, string Next, string Copies, string Way)[] Cases =
    [
        ("here", "nowhere", "running paused silent received sent sending atSwitch", "local"),
        ("here", "nowhere", "none receiving", "dropped"),
        ("here", "b", "running paused silent received", "local"),
        ("here", "b", "atSwitch sending sent", "to b, sends on"),
        ("here", "b", "receiving none", "dropped"),
        ("a", "nowhere", "running", "local"),
        ("a", "nowhere", "atSwitch sending sent", "to a, sends on"),
        ("a", "nowhere", "receiving", "to a"),
        ("a", "nowhere", "paused silent received none", "to a, as former"),
        ("a", "here", "running received paused silent", "local"),
        ("a", "here", "receiving atSwitch sending sent none", "to a"),
        ("a", "b", "running", "local"),
        ("a", "b", "atSwitch sending sent", "to a, sends on"),
        ("a", "b", "receiving", "to a"),
        ("a", "b", "paused silent received none", "to a, as former"),
    ];

    [Fact]
    public void Every_case_of_one_interface_is_as_the_table_of_cases_says()
    {
        foreach (var (at, next, copies, way) in Cases)
        {
            foreach (var copy in copies.Split(' '))
            {
                for (var former = 0; former < (next == "here" || at == "here" ? 1 : 2); former++)
                {
                    var isFormer = former == 1;
                    var entry = Entry(1, Named(at), Named(next), isFormer);
                    WayOf(ForwardingTable.Of(Of(entry), Here, Copies(entry, copy)), entry.Mac).ShouldBe(
                        way.Replace(", as former", isFormer ? ", sends on" : "", StringComparison.Ordinal), $"at {at}, next {next}, copy {copy}, former {isFormer}");
                }
            }
        }
    }

    [Fact]
    public void All_cases_are_in_the_table()
    {
        var states = Enum.GetValues<GuestState>().Select(state => $"{state}").Append("none").Select(name => char.ToLowerInvariant(name[0]) + name[1..]).Order(StringComparer.Ordinal).ToList();
        foreach (var place in Cases.GroupBy(row => (row.At, row.Next)))
        {
            place.SelectMany(row => row.Copies.Split(' ')).Order(StringComparer.Ordinal).ToList().ShouldBe(states, $"{place.Key}");
        }
    }

    [Fact]
    public void Many_interfaces_go_each_its_own_way_and_all_their_addresses_are_answered() => Gen.Select(Gen.Int[0, 999], Gen.Int[0, 9]).Array[0, 40].Sample(rows =>
    {
        string[] places = ["here", "a", "b", "nowhere"];
        string[] states = ["none", .. Enum.GetNames<GuestState>()];
        var entries = rows.Select((row, index) => Entry(index, Named(places[row.Item1 % 3]), Named(places[row.Item1 / 3 % 4]), row.Item1 / 12 % 2 == 0)).Select(entry => entry.Next == entry.At ? entry with { Next = null } : entry).ToList();
        var copies = entries.Zip(rows).SelectMany(pair => Copies(pair.First, states[pair.Second.Item2 % states.Length])).ToDictionary();
        var table = ForwardingTable.Of(Of([.. entries]), Here, copies);
        foreach (var entry in entries)
        {
            var alone = ForwardingTable.Of(Of(entry), Here, copies.Where(copy => copy.Key == entry.Port).ToDictionary());
            WayOf(table, entry.Mac).ShouldBe(WayOf(alone, entry.Mac));
            entry.Addresses.ShouldAllBe(address => table.Neighbours[address] == entry.Mac);
        }

        table.Forwarded.ShouldBeSubsetOf(table.Remote.Keys);
        table.Local.Keys.Intersect(table.Remote.Keys).ShouldBeEmpty();
        table.Remote.Values.ShouldNotContain(Here);
    });

    private static VtepId? Named(string name) => name == "nowhere" ? null : new VtepId(new("s"), name);

    private static SegmentEntry Entry(int number, VtepId? at, VtepId? next, bool isFormer) => new(
        new(new(Application, new($"vm{number}")), 0), Address.Mac([2, 0, 0, 0, 0, (byte)number]), [Address.IPv4([10, 0, 0, (byte)number]), Address.IPv4([10, 0, 1, (byte)number])], 1, 1, at)
    {
        Next = next,
        Former = isFormer && at != Here && next != Here ? [Here] : [],
    };

    private static Segment Of(params SegmentEntry[] entries) => new(
        Application, 1, 1420, Subnet.Parse("10.0.0.0/16"), 1, entries.ToImmutableSortedDictionary(entry => entry.Port, entry => entry), ImmutableSortedDictionary<VtepId, SegmentPeer>.Empty);

    private static Dictionary<SegmentPort, LocalCopy> Copies(SegmentEntry entry, string state) =>
        state == "none" ? [] : new() { [entry.Port] = new(Enum.Parse<GuestState>(state, ignoreCase: true), "tap") };

    private static string WayOf(ForwardingTable table, Address mac) =>
        table.Local.ContainsKey(mac) ? "local"
        : table.Remote.TryGetValue(mac, out var to) ? $"to {to.Host}{(table.Forwarded.Contains(mac) ? ", sends on" : "")}"
        : "dropped";
}
