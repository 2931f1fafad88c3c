using CsCheck;
using Federation.Domain.Guests;
using Federation.Domain.Hosts;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Hosts;

public sealed class CommonHardwareTests
{
    private static readonly HypervisorFacts New = Host(["pc-7.2", "pc-7.1", "pc-6.0"], ["Skylake", "Haswell", "qemu64"]);
    private static readonly string[] Names = ["a", "b", "c", "d", "e"];
    private static readonly HypervisorFacts Old = Host(["pc-6.0", "pc-5.2"], ["Haswell", "qemu64"]);

    [Fact]
    public void What_all_hosts_have_is_taken_the_newest_and_the_most_capable() =>
        CommonHardware.Of(new(), [New, Old]).Hardware.ShouldBe(new GuestHardware("x86_64", "pc-6.0", "Haswell"));

    [Fact]
    public void What_is_wanted_is_kept_where_all_have_it() =>
        CommonHardware.Of(new(CpuModel: "qemu64"), [New, Old]).Hardware.ShouldBe(new GuestHardware("x86_64", "pc-6.0", "qemu64"));

    [Theory]
    [InlineData("aarch64", null, null, "the architecture aarch64")]
    [InlineData("x86_64", "pc-7.2", null, "the machine type pc-7.2")]
    [InlineData("x86_64", null, "Skylake", "the CPU model Skylake")]
    public void What_one_of_them_lacks_is_told(string architecture, string? machine, string? model, string lacks) =>
        CommonHardware.Of(new(architecture, machine, model), [New, Old]).ShouldBe(new CommonHardware(null, lacks));

    [Fact]
    public void Hosts_without_any_in_common_are_told() =>
        CommonHardware.Of(new(), [New, Host(["q35"], ["Haswell"])]).Lacks.ShouldBe("any machine type");

    [Fact]
    public void A_host_that_tells_nothing_leaves_it_to_the_others() =>
        CommonHardware.Of(new(), [Host([], []), Old]).Hardware.ShouldBe(new GuestHardware("x86_64", "pc-6.0", "Haswell"));

    [Fact]
    public void Without_hosts_it_stays_as_it_is_wanted() => CommonHardware.Of(new(Machine: "q35"), []).Hardware.ShouldBe(new GuestHardware(Machine: "q35"));

    [Fact]
    public void What_is_given_is_had_by_all_and_the_order_of_hosts_does_not_matter()
    {
        var names = Gen.Shuffle(Names).Select(Gen.Int[1, 5], (all, count) => all[..count]);
        Gen.Select(names, names, Host).Array[1, 4].Sample(hosts =>
        {
            var found = CommonHardware.Of(new(), hosts);
            CommonHardware.Of(new(), hosts.Reverse()).ShouldBe(found);
            hosts.All(host => found.Hardware is null || (host.Machines.Contains(found.Hardware.Machine!) && host.CpuModels.Contains(found.Hardware.CpuModel!))).ShouldBeTrue();
            (found.Hardware is null).ShouldBe(!Names.Any(name => hosts.All(host => host.Machines.Contains(name)))
                || !Names.Any(name => hosts.All(host => host.CpuModels.Contains(name))));
        });
    }

    private static HypervisorFacts Host(string[] machines, string[] models) =>
        new() { Driver = "qemu", Version = "7.2", Architectures = ["x86_64"], Machines = [.. machines], CpuModels = [.. models] };
}
