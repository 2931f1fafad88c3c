using Federation.Domain.Applications;
using Federation.Domain.Groups;
using Shouldly;
using Xunit;

namespace Federation.Files.Tests.ApplicationFiles;

public sealed class DetectionTests
{
    [Fact]
    public void Left_out_or_auto_it_is_left_open()
    {
        Read("").Detection.ShouldBe(new DetectionPolicy { Detector = DetectorKind.Auto, Metric = null });
        Read("detection: { metric: auto, detector: auto }").Detection.ShouldBe(new DetectionPolicy());
    }

    [Theory]
    [InlineData("detection: { metric: bytes }", DetectorKind.Auto, Metric.Bytes)]
    [InlineData("detection: { detector: leiden, metric: packets }", DetectorKind.Leiden, Metric.Packets)]
    public void What_is_named_is_read_and_reads_back_equal(string detection, DetectorKind detector, Metric metric)
    {
        var application = Read(detection);
        application.Detection.ShouldBe(new DetectionPolicy { Detector = detector, Metric = metric });
        ApplicationFile.Parse(ApplicationFile.ToJson(application), "cg.json").Value!.Detection.ShouldBe(application.Detection);
    }

    [Fact]
    public void A_word_that_is_none_is_a_fault_that_says_where_and_what_would_be_right()
    {
        var fault = ApplicationFile.Parse(SiteFree("detection: { detector: lieden }"), "cg.yaml").Faults.ShouldHaveSingleItem();
        fault.Key.ShouldBe("detection.detector");
        fault.Remedy.ShouldContain("leiden");
    }

    private static Application Read(string detection) => ApplicationFile.Parse(SiteFree(detection), "cg.yaml").Value.ShouldNotBeNull();

    private static string SiteFree(string detection) => Samples.Cluster + "\n" + detection + "\n";
}
