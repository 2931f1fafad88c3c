using Federation.Host.Settings;
using Shouldly;
using Xunit;

namespace Federation.Host.Tests.Settings;

public sealed class ClientFileTests
{
    private const string Least = """
        server: http://127.0.0.1:8080
        tokenFile: t
        state: s
        client: {}
        """;

    [Fact]
    public void What_is_left_out_has_its_default()
    {
        var settings = ClientFile.Parse(Least, "client.yaml").Value.ShouldNotBeNull();
        (settings.TokenFile, settings.StateFolder, settings.Listen!.ToString(), settings.Lan).ShouldBe(("t", "s", "127.0.0.1:9475", null));
        (settings.Network.Mtu, settings.Network.Port, settings.Network.TunnelPort, settings.Network.IsRelay).ShouldBe((1500, 4789, 51_820, false));
    }

    [Fact]
    public void What_is_written_is_read()
    {
        var settings = ClientFile.Parse(
            Least.Replace("{}", "{ mtu: 1480, port: 4790, tunnelPort: 40000, directAbove: 8Mbps, window: 5s, lan: eth1, launcher: [ip, netns, exec, c1] }", StringComparison.Ordinal)
            + "\nlisten: off\ntls: { authority: ca.pem }", "client.yaml").Value.ShouldNotBeNull();
        (settings.Listen, settings.Tls, settings.Lan).ShouldBe((null, new("ca.pem", null, null), "eth1"));
        (settings.Network.Mtu, settings.Network.Port, settings.Network.TunnelPort, settings.Network.DirectAbove, settings.Network.Window).ShouldBe((1480, 4790, 40_000, 1e6, TimeSpan.FromSeconds(5)));
        settings.Network.Launcher.ShouldBe(["ip", "netns", "exec", "c1"]);
        ClientFile.Parse(Least.Replace("{}", "{ mtu: auto }", StringComparison.Ordinal), "client.yaml").Value.ShouldNotBeNull().Network.Mtu.ShouldBe(1500);
    }

    [Theory]
    [InlineData("client: {}", "client: { gateway: { interface: eth1 } }", "gateway")]
    [InlineData("client: {}", "client: { mtu: 100 }", "1360")]
    [InlineData("client: {}", "client: {}\nsite: rennes", "site")]
    [InlineData("client: {}", "client: { lan: '' }", "lan")]
    [InlineData("tokenFile: t\n", "", "tokenFile")]
    public void What_cannot_be_is_refused_with_its_key(string right, string wrong, string named) =>
        ClientFile.Parse(Least.Replace(right, wrong, StringComparison.Ordinal), "client.yaml").Faults.ShouldHaveSingleItem().ToString().ShouldContain(named);

    [Fact]
    public void A_file_is_a_clients_by_its_key()
    {
        ClientFile.Is(Least, "f").ShouldBeTrue();
        ClientFile.Is("""{ "server": "http://127.0.0.1", "client": { "mtu": 1500 } }""", "f").ShouldBeTrue();
        ClientFile.Is("site: rennes\nhost: client", "f").ShouldBeFalse();
        ClientFile.Is(": broken", "f").ShouldBeFalse();
    }
}
