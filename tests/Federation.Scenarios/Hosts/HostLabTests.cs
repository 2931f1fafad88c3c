using Shouldly;

namespace Federation.Scenarios.Hosts;

/// <summary>The lab's own network and its look at what is left.</summary>
public sealed class HostLabTests
{
    [QemuFact]
    public async Task A_cut_host_is_not_reached_until_it_is_healed_and_what_is_left_on_a_host_is_seen()
    {
        using var lab = new HostLab(hosts: 2);
        // Links that were just set up may take a moment.
        await Waiting.Until(() => Reaches(lab));
        lab.Cut(lab.Hosts[1]);
        Reaches(lab).ShouldBeFalse();
        lab.Heal(lab.Hosts[1]);
        await Waiting.Until(() => Reaches(lab));

        lab.Hosts[0].Left.ShouldBeEmpty();
        lab.Hosts[0].Network.Space.In("tuntap add left0 mode tap");
        lab.Hosts[0].Left.ShouldHaveSingleItem().ShouldBe("tap left0 on h1");
    }

    private static bool Reaches(HostLab lab)
    {
        try
        {
            lab.Hosts[0].Network.Space.Exec("ping", "-c", "1", "-W", "1", lab.Hosts[1].Address);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
