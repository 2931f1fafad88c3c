using CsCheck;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Traffic;

public sealed class SensorPartTests
{
    private static readonly Window Start = Window.Containing(new(2026, 11, 23, 17, 51, 0, TimeSpan.Zero));

    private static readonly Gen<WindowReport> SomePart =
        from records in Gen.Select(Gen.Int[1, 4], Gen.Bool, Gen.Long[1, 1000], Gen.Long[0, 100_000]).Array[0, 6]
        from covered in Gen.Long[1, Window.Length.Ticks]
        from dropped in Gen.Long[0, 9]
        from merged in Gen.Int[1, 8]
        select new WindowReport(
            new VmId("vm1"),
            Start,
            SensorPart.SumRecords(records.Select(record => new TrafficRecord(
                Address.Parse($"10.0.0.{record.Item1}"),
                record.Item2 ? FlowDirection.Sent : FlowDirection.Received,
                record.Item3,
                record.Item4))),
            TimeSpan.FromTicks(covered),
            dropped,
            merged);

    [Fact]
    public void The_sum_has_every_packet_and_byte_of_the_parts() => SomePart.Array[1, 4].Sample(parts =>
    {
        var sum = SensorPart.Sum(parts);
        foreach (var (peer, direction) in parts.SelectMany(part => part.Records).Select(record => (record.Peer, record.Direction)))
        {
            var expected = parts.SelectMany(part => part.Records).Where(record => (record.Peer, record.Direction) == (peer, direction));
            var found = sum.Records.Single(record => (record.Peer, record.Direction) == (peer, direction));
            (found.Packets, found.Bytes).ShouldBe((expected.Sum(record => record.Packets), expected.Sum(record => record.Bytes)));
        }

        sum.Dropped.ShouldBe(parts.Sum(part => part.Dropped));
        sum.IsPartial.ShouldBe(parts.Any(part => part.IsPartial));
        sum.IsExact.ShouldBe(parts.All(part => part.IsExact));
    });

    [Fact]
    public void A_window_is_doubled_when_what_its_sensors_watched_is_more_than_its_length() => SomePart.Array[1, 4].Sample(parts =>
    {
        var watched = TimeSpan.FromTicks(parts.Sum(part => part.Covered.Ticks));
        var sum = parts.Skip(1).Aggregate(parts[0], (sum, part) => SensorPart.Sum([sum, part]));
        sum.CoveredInAll.ShouldBe(watched);
        sum.IsDoubled.ShouldBe(watched > Window.Length);
        var read = Answer(new TrafficView([new("vm1")], _ => null, parts)).Windows.Single();
        read.Doubled.Length.ShouldBe(watched > Window.Length ? 1 : 0);
        read.IsExact.ShouldBe(parts.All(part => part.IsExact) && watched == Window.Length);
    });

    [Fact]
    public void The_order_of_the_parts_does_not_matter() => SomePart.Array[1, 4].Sample(parts =>
    {
        var (forward, backward) = (SensorPart.Sum(parts), SensorPart.Sum([.. parts.Reverse()]));
        backward.Records.ShouldBe(forward.Records);
        (backward with { Records = [] }).ShouldBe(forward with { Records = [] });
    });

    [Fact]
    public void Parts_of_different_VMs_do_not_add_up() => Should.Throw<ArgumentException>(() => SensorPart.Sum(
        [new(new("vm1"), Start, [], Window.Length), new(new("vm2"), Start, [], Window.Length)]));

    [Fact]
    public void A_query_adds_the_parts_of_a_VM_that_moved()
    {
        var peer = Address.Parse("10.0.0.2");
        WindowReport Part(long packets) => new(
            new("vm1"), Start, [new(peer, FlowDirection.Received, packets, packets * 100)], Window.Length);
        var view = new TrafficView([new("vm1"), new("vm2")], address => address == peer ? new VmId("vm2") : null, [Part(30), Part(12)]);
        Answer(view).Matrices.Single().Matrix.Pairs[new VmPair(new("vm2"), new("vm1"))].ShouldBe(new Flow(42, 4200));
    }

    private static TrafficAnswer Answer(TrafficView view)
    {
        var query = new TrafficQuery(Start.End, 1, TimeSpan.Zero, Approximate: false, new AnswerForm.Mean());
        return QueryEvaluation.Evaluate(query, view, Start.End).ShouldBeOfType<QueryOutcome.Answered>().Answer;
    }
}
