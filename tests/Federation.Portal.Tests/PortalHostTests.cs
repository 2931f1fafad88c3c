using System.IO.Compression;
using Federation.Credentials;
using Federation.Portal.Tests.Making;
using Federation.PortalHost;
using Federation.Silo.Tests.Making;
using Federation.Testing;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Federation.Portal.Tests;

/// <summary>The portal as a program of its own, with a portal's certificate, at the gateway of a real silo; browsers come by TLS.</summary>
public sealed class PortalHostTests(PortalBrowser browser)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_shows_each_user_his_own_through_a_gateway_and_says_when_no_silo_answers()
    {
        using var certificates = new TestCertificates();
        var gateway = FreePort.Take();
        await using var service = await certificates.Start($"--Federation:GatewayPort={gateway}", $"--Federation:Identity:Issuers:0:Authority={browser.Issuer.Address}");
        await service.Apply([.. SampleFiles.TwoClouds, SampleFiles.Application(vms: 2)]);
        await using var portal = await PortalProgram.Build(
            [
                "--urls", "https://127.0.0.1:0", $"--Kestrel:Certificates:Default:Path={certificates.PathOf("own-silo.pem")}",
                $"--Kestrel:Certificates:Default:KeyPath={certificates.PathOf("own-silo.key")}", $"--Portal:Gateways=127.0.0.1:{gateway}", $"--Portal:Authority={certificates.PathOf("own.pem")}",
                $"--Portal:Certificate={certificates.PathOf("own-portal.pem")}", $"--Portal:Key={certificates.PathOf("own-portal.key")}", "--Logging:LogLevel:Default=None",
                $"--Portal:SignIn:Authority={browser.Issuer.Address}", "--Portal:SignIn:Name=Observatory",
            ],
            Cancel);
        await portal.StartAsync(Cancel);
        var address = new Uri(portal.Urls.Single());
        await using (var stranger = await browser.SignIn(service.TokenOf("other tenant"), address: address))
        {
            await stranger.Heading("Sites").WaitForAsync();
            stranger.Received.ShouldNotContain("astro");
            await using var forged = await browser.SignIn(Tokens.Forged(Tokens.Holders["federation-admin"]), address: address);
            await forged.Shows("The service does not take this token");
        }

        // The issuer was never asked before: where it is away, that is said, and the other ways in are there.
        await using (var person = await browser.Open(address: address))
        {
            browser.Issuer.Away = "/";
            await person.Page.GotoAsync("/portal/sign-in/issuer");
            await person.Shows($"Observatory ({browser.Issuer.Address}) does not answer now.");
            await person.IsAccessible();
            await person.Picture("issuer-away");
            browser.Issuer.Away = null;
            await person.Page.GetByRole(AriaRole.Link, new() { Name = "Sign in at Observatory" }).ClickAsync();
            await person.Page.GetByLabel("You").FillAsync("tenant");
            await person.Page.GetByRole(AriaRole.Button, new() { Name = "Go on" }).ClickAsync();
            await person.Shows("astro/cg");
            var cookie = (await person.Page.Context.CookiesAsync()).Single(one => one.Name == "federation-portal");
            (cookie.Secure, cookie.HttpOnly, cookie.SameSite).ShouldBe((true, true, SameSiteAttribute.Lax));
        }

        using var http = new HttpClient(new SocketsHttpHandler { SslOptions = new() { RemoteCertificateValidationCallback = (_, seen, _, _) => certificates.Peers.ReasonAgainst(seen, CertificateRole.Silo) is null } });
        using var page = await http.GetAsync(new Uri(address, "/portal/sign-in"), Cancel);
        page.Headers.GetValues("Content-Security-Policy").ShouldBe([PortalHosting.ContentSecurityPolicy]);
        page.Headers.GetValues("Strict-Transport-Security").ShouldBe(["max-age=31536000"]);
        await IsPacked(http, new Uri(address, "/portal/assets/graph-library.js"));

        await using var tab = await browser.SignIn(service.TokenOf("tenant"), address: address);
        await tab.Shows("astro/cg");
        await service.Stop();
        await tab.Page.GetByText("The service does not answer since").WaitForAsync(new() { Timeout = 90_000 });
        (await tab.Page.GetByText("astro/cg").First.IsVisibleAsync()).ShouldBeTrue();
        await tab.IsAccessible();
        await tab.Picture("silo-away");
        tab.Faults.ShouldBeEmpty();
    }

    // What browsers get is packed for those that can unpack it, and is the same.
    private static async Task IsPacked(HttpClient http, Uri address)
    {
        var plain = await http.GetByteArrayAsync(address, Cancel);
        using var request = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { AcceptEncoding = { new("br"), new("gzip") } } };
        using var answer = await http.SendAsync(request, Cancel);
        answer.Content.Headers.ContentEncoding.ShouldBe(["gzip"]);
        var packed = await answer.Content.ReadAsByteArrayAsync(Cancel);
        packed.Length.ShouldBeLessThan(plain.Length / 2);
        using var unpacked = new MemoryStream();
        await using (var unpacking = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress))
        {
            await unpacking.CopyToAsync(unpacked, Cancel);
        }

        unpacked.ToArray().ShouldBe(plain);
    }

    [Fact]
    public async Task A_setting_that_is_wrong_is_named_and_nothing_starts()
    {
        (await PortalProgram.Run([])).ShouldBe(1);
        (await Should.ThrowAsync<ArgumentException>(() => PortalProgram.Build(["--Portal:Gateways=silo:1", "--Portal:SignIn:Authority=http://login.example.org"], Cancel))).Message
            .ShouldContain("Portal:SignIn: Authority is 'http://login.example.org': an issuer elsewhere has to be reached by https");
        (await Should.ThrowAsync<ArgumentException>(() => PortalProgram.Build(["--Portal:Gateways=silo"], Cancel))).Message.ShouldContain("'silo' is not HOST:PORT");
        (await Should.ThrowAsync<IOException>(() => PortalProgram.Build(
            ["--Portal:Gateways=127.0.0.1:1", "--Portal:Authority=/no/ca.pem", "--Portal:Certificate=/no/c.pem", "--Portal:Key=/no/c.key"], Cancel))).Message.ShouldContain("/no/");
    }
}
