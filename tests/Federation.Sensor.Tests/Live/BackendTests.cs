using Federation.Sensor.Daemon;
using Federation.Sensor.Live;
using Federation.Sensor.Tests.Live.Lab;
using Shouldly;
using Xunit;

namespace Federation.Sensor.Tests.Live;

/// <summary>Which backend is taken, with which privilege, and why not another.</summary>
public sealed class BackendTests
{
    [LabFact]
    public void The_kernel_counts_where_it_may() => Choose(CaptureBackends.Auto, Capabilities.NetRaw, Capabilities.Bpf).ShouldBe("kernel");

    [LabFact]
    public void Without_CAP_BPF_the_ring_is_taken_and_the_reason_told() =>
        Choose(CaptureBackends.Auto, Capabilities.NetRaw).ShouldBe("ring, not kernel: CAP_BPF");

    [LabFact]
    public void Without_any_capability_every_backend_is_refused_with_its_reason() =>
        Choose(CaptureBackends.Auto).ShouldBe("none, not kernel: CAP_BPF, not ring: CAP_NET_RAW, not pcap: CAP_NET_RAW");

    [LabFact]
    public void A_backend_that_was_named_is_not_replaced_by_another() =>
        Choose(CaptureBackends.Kernel, Capabilities.NetRaw).ShouldBe("none, not kernel: CAP_BPF");

    [Fact]
    public void A_name_that_no_backend_has_is_a_bug_and_told_with_those_there_are() =>
        Should.Throw<ArgumentException>(() => CaptureChoice.Create("xdp", new LiveCaptureOptions()))
            .Message.ShouldContain("auto, kernel, ring, pcap");

    [LabFact]
    public void Once_it_is_loaded_the_kernel_backend_needs_CAP_NET_RAW_only()
    {
        using var wire = new Wire();
        wire.Host.Run(() =>
        {
            using var capture = Backends.Create(CaptureBackends.Kernel);
            Capabilities.KeepOnly([Capabilities.NetRaw]);
            capture.Begin(Wire.Tap);
            for (var window = 0; window < 3; window++)
            {
                wire.FromVm.Send(LiveFrames.From(1).Bytes);
                capture.Cut().Tallies.ShouldSay([LiveFrames.From(1).On("tap0")]);
            }
        });
    }

    /// <summary>What is chosen with these capabilities, and which capability each refusal asks for.</summary>
    private static string Choose(string name, params int[] capabilities) => Capabilities.RunWith(capabilities, () =>
    {
        var choice = CaptureChoice.Create(name, new LiveCaptureOptions { Capacity = 1000 });
        using var capture = choice.Capture;
        return string.Join(", ", [
            capture?.Backend ?? "none",
            .. choice.Refused.Select(refusal => $"not {refusal.Backend}: {refusal.Reason.Split("needs ")[^1].TrimEnd(')')}")]);
    });
}
