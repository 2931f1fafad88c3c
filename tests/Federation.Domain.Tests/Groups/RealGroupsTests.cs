using Federation.Domain.Groups;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Groups;

public sealed class RealGroupsTests
{
    public static TheoryData<string, string> Published => new()
    {
        { "cg-a-4", "{1,2} {3,4}" },
        { "cg-a-8", "{1,2,3,4} {5,6,7,8}" },
        { "mg-a-8", "{1,2,3,4,5,6,7,8}" },
        { "ft-a-8", "{1,2,3,4,5,6,7,8}" },
        { "bt-a-4", "{1,2,3,4}" },
        { "ep-a-8", "" },
    };

    [Theory]
    [MemberData(nameof(Published))]
    public void Every_detector_finds_the_published_groups_in_real_traffic_without_being_told_anything(string capture, string groups)
    {
        var (vms, weights) = RealTraffic.Of(capture, Metric.Packets);
        foreach (var detector in new IGroupDetector[] { new GreedyDetector(), new LeidenDetector(), new GroupDetectors() })
        {
            RealTraffic.Text(detector.Detect(vms, weights, new())).ShouldBe(groups, detector.GetType().Name);
        }
    }

    [Theory]
    [MemberData(nameof(Published))]
    public void A_resolution_of_a_fifth_of_the_mean_weight_finds_them_too(string capture, string groups)
    {
        var (vms, weights) = RealTraffic.Of(capture, Metric.Packets);
        RealTraffic.Text(new LeidenDetector().Detect(vms, weights, new() { Resolution = 0.2 })).ShouldBe(groups);
    }

    [Fact]
    public void Small_and_steady_traffic_is_left_to_greedy()
    {
        foreach (var capture in new[] { "cg-a-4", "cg-a-8", "mg-a-8", "ft-a-8", "bt-a-4" })
        {
            var (vms, weights) = RealTraffic.Of(capture, Metric.Packets);
            DetectorChoice.Of(vms, weights, new() { Detector = DetectorKind.Auto }).Kind.ShouldBe(DetectorKind.Greedy, capture);
        }
    }

    [Fact]
    public void Both_detectors_say_how_isolated_a_group_is()
    {
        var (vms, weights) = RealTraffic.Of("cg-a-8", Metric.Packets);
        foreach (var detector in new IGroupDetector[] { new GreedyDetector(), new LeidenDetector() })
        {
            var groups = detector.Detect(vms, weights, new()).Groups;

            // 3,371 packets of two real edges and some chatter cross, a little under 14,500 are inside each group.
            groups.Select(group => group.Isolation).ShouldAllBe(isolation => isolation > 0.23 && isolation < 0.26);
        }
    }
}
