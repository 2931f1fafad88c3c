using CsCheck;
using Federation.Contracts;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Grains.Tests;

public sealed class RecentWindowsTests
{
    private const int First = 1_000;

    private static readonly ReportingVms Vms = new([Samples.Vm("vm1"), Samples.Vm("vm2")], Guid.NewGuid());
    private static readonly ReportingVms Others = new([Samples.Vm("vm2"), Samples.Vm("vm3")], Guid.NewGuid());

    private static readonly Gen<(VmId Vm, PackedPart Part)> Any = Gen.Select(
        Gen.OneOf("vm1", "vm2", "vm3"), Gen.OneOf("host-a", "host-b"), Gen.Int[First, First + 60], Gen.Int[1, 3],
        (vm, sensor, window, dropped) => (new VmId(vm), PackedPart.Of(new(sensor, new(
            new(vm), PackedPart.WindowOf(window), [], Window.Length, dropped, 1)))));

    [Fact]
    public void What_is_remembered_is_what_came_first_of_each_sensor_and_what_may_be_incomplete_is_not_answered() =>
        Gen.Select(Any.Array[0, 120], Gen.Int[First, First + 60], Gen.Int[0, 30]).Sample((parts, from, length) =>
        {
            var recent = new RecentWindows();
            foreach (var (vm, part) in parts)
            {
                recent.Add(vm, part);
            }

            var all = parts.DistinctBy(entry => (entry.Vm, entry.Part.WindowNumber, entry.Part.Sensor)).ToList();
            if (recent.Between(from, from + length, Vms) is { } reports)
            {
                reports.Select(report => (report.Vm, report.Window, report.Dropped)).ShouldBe(
                    all.Where(entry => Vms.Has(entry.Vm) && entry.Part.WindowNumber >= from && entry.Part.WindowNumber <= from + length)
                        .Select(entry => (entry.Vm, entry.Part.Window, entry.Part.Dropped)),
                    ignoreOrder: true);
                recent.Count(from, Vms).ShouldBe(
                    all.Where(entry => Vms.Has(entry.Vm) && entry.Part.WindowNumber == from).DistinctBy(entry => entry.Vm).Count());
            }
            else
            {
                recent.Count(from, Vms).ShouldBeNull();
            }
        });

    [Fact]
    public void The_newest_windows_are_always_remembered() =>
        Any.Array[1, 120].Sample(parts =>
        {
            var recent = new RecentWindows();
            foreach (var (vm, part) in parts)
            {
                recent.Add(vm, part);
            }

            var newest = parts.Select(entry => entry.Part.WindowNumber).Distinct().OrderDescending().Take(RecentWindows.Most).Min();
            recent.Between(newest, First + 60, Vms).ShouldNotBeNull();
            var last = parts.Where(entry => entry.Vm == new VmId("vm1")).Select(entry => entry.Part.WindowNumber).DefaultIfEmpty().Max();
            recent.Newest().TryGetValue(new("vm1"), out var window).ShouldBe(last >= newest);
            (last < newest || PackedPart.NumberOf(window) == last).ShouldBeTrue();
        });

    [Fact]
    public void Nothing_is_remembered_of_what_is_older_than_the_beginning()
    {
        var recent = new RecentWindows();
        recent.Begin(First + 1);
        recent.Add(new("vm1"), PackedPart.Of(new("host-a", new(new("vm1"), PackedPart.WindowOf(First), [], Window.Length))));
        recent.Newest().ShouldBeEmpty();
        recent.Between(First, First, Vms).ShouldBeNull();
        recent.Between(First + 1, First + 1, Vms).ShouldNotBeNull().ShouldBeEmpty();
    }

    [Fact]
    public void How_many_VMs_have_reported_a_window_is_right_whichever_VMs_are_asked_for_and_whenever() =>
        Gen.Select(Any, Gen.Bool).Array[0, 120].Sample(steps =>
        {
            var recent = new RecentWindows();
            var reported = new HashSet<(VmId Vm, int Window)>();
            foreach (var ((vm, part), first) in steps)
            {
                recent.Add(vm, part);
                reported.Add((vm, part.WindowNumber));
                var vms = first ? Vms : Others;
                if (recent.Count(part.WindowNumber, vms) is { } count)
                {
                    count.ShouldBe(reported.Count(entry => entry.Window == part.WindowNumber && vms.Has(entry.Vm)));
                }
            }
        });
}
