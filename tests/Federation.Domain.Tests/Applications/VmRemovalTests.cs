using System.Collections.Immutable;
using CsCheck;
using Federation.Domain.Applications;
using Federation.Domain.Identity;
using Federation.Domain.Refusals;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Applications;

public sealed class VmRemovalTests
{
    private static readonly Gen<Application> Any =
        from count in Gen.Int[1, 6]
        from together in SetOf(count).Array[0, 3]
        from apart in SetOf(count).Array[0, 3]
        from sites in Gen.Int[2, 6]
        select Samples.View([], [.. Enumerable.Range(1, count).Select(vm => Samples.Vm($"vm{vm}"))]).Application with
        {
            Together = [.. together.Where(set => set.Length > 1)],
            Apart = [.. apart.Where(set => set.Length > 1).Select(set => new Spread(set, Math.Min(sites, set.Length)))],
        };

    [Fact]
    public void What_is_left_are_the_other_VMs_with_rules_that_name_only_them_and_can_be_held() => Gen.Select(Any, Gen.Int[1, 7]).Sample((application, number) =>
    {
        var vm = new VmId($"vm{number}");
        var removal = VmRemoval.Of(application, vm);
        if (application.Vms.Length == 1 || number > application.Vms.Length)
        {
            removal.Next.ShouldBeNull();
            removal.Refusal!.Code.ShouldBe(number > application.Vms.Length ? RefusalCode.VmUnknown : RefusalCode.LastVm);
            return;
        }

        var next = removal.Next!;
        next.Vms.ShouldBe(application.Vms.Where(spec => spec.Id != vm));
        next.Together.Concat(next.Apart.Select(rule => rule.Vms)).ShouldAllBe(set => set.Length > 1 && !set.Contains(vm));
        next.Apart.ShouldAllBe(rule => rule.Sites > 1 && rule.Sites <= rule.Vms.Length);

        // What held for the VMs that are left holds on: no rule is lost that says anything of two of them.
        foreach (var set in application.Together.Where(set => set.Remove(vm).Length > 1))
        {
            next.Together.ShouldContain(left => left.SequenceEqual(set.Remove(vm)));
        }

        foreach (var rule in application.Apart.Where(rule => !rule.Vms.Contains(vm)))
        {
            next.Apart.ShouldContain(rule);
        }

        removal.Rules.Length.ShouldBe(application.Together.Count(set => set.Contains(vm)) + application.Apart.Count(rule => rule.Vms.Contains(vm)));
    });

    [Theory]
    [InlineData(3, 2, 1)]
    [InlineData(4, 2, 2)]
    [InlineData(3, 3, 2)]
    public void Of_fewer_VMs_as_many_may_be_at_one_site_as_before_and_no_more_sites_are_asked_for_than_that_takes(int count, int sites, int sitesLeft)
    {
        var vms = Enumerable.Range(1, count).Select(vm => Samples.Vm($"vm{vm}")).ToArray();
        var application = Samples.View([], vms).Application with { Apart = [new([.. vms.Select(vm => vm.Id)], sites) { MostAtOne = 2 }] };
        var rule = VmRemoval.Of(application, new("vm1")).Next!.Apart.ShouldHaveSingleItem();
        (rule.Sites, rule.MostAtOne).ShouldBe((sitesLeft, 2));
    }

    private static Gen<ImmutableArray<VmId>> SetOf(int count) =>
        Gen.Int[1, count].HashSet[1, count].Select(numbers => numbers.Order().Select(number => new VmId($"vm{number}")).ToImmutableArray());
}
