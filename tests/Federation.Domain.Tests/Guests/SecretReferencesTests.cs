using CsCheck;
using Federation.Domain.Guests;
using Federation.Domain.Identity;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Guests;

public sealed class SecretReferencesTests
{
    private static readonly GuestSpec Guest = new() { Vm = new(new(new("astro"), "cg", 1), new("vm1")), Vcpus = 1, MemoryBytes = 1 };

    [Fact]
    public void A_text_names_each_secret_once() => SecretReferences.In("a ${secret:b} ${secret:a.1} ${secret:b}").ShouldBe(["a.1", "b"]);

    [Theory]
    [InlineData("${HOME} $secret:a ${secret:} ${secret: a} ${secret:a/b} ${secret:../a} ${secret:.a} {secret:a} ${SECRET:a}")]
    [InlineData("#!/bin/sh\necho ${x:-y}")]
    public void What_only_looks_like_a_reference_is_none_and_stays(string text)
    {
        SecretReferences.In(text).ShouldBeEmpty();
        SecretReferences.PutIn(text, new Dictionary<string, string>()).ShouldBe(text);
    }

    [Fact]
    public void Secrets_are_put_in_as_they_are_even_if_they_look_like_references() =>
        SecretReferences.PutIn("x=${secret:a}${secret:b}", new Dictionary<string, string> { ["a"] = "${secret:b}$1", ["b"] = "2" }).ShouldBe("x=${secret:b}$12");

    [Fact]
    public void Every_other_character_of_a_text_stays() => Gen.String.Array[1, 4].Sample(parts =>
    {
        var text = string.Join("${secret:a}", parts);
        SecretReferences.PutIn(text, SecretReferences.In(text).ToDictionary(name => name, _ => "s")).ShouldBe(string.Join("s", parts));
    });

    [Fact]
    public async Task A_VM_is_not_started_for_want_of_a_secret_and_all_that_are_missing_are_told()
    {
        var secrets = new Known { ["astro/a"] = "1", ["other/b"] = "2" };
        var (guest, missing) = await secrets.PutIn(Guest with { UserData = "${secret:a} ${secret:b} ${secret:c}" }, TestContext.Current.CancellationToken);
        guest.ShouldBeNull();
        missing.ShouldBe(["b", "c"]);
    }

    [Fact]
    public async Task A_VM_gets_the_secrets_of_its_own_tenant()
    {
        var secrets = new Known { ["astro/a"] = "1", ["other/a"] = "2" };
        var (guest, missing) = await secrets.PutIn(Guest with { UserData = "p=${secret:a}" }, TestContext.Current.CancellationToken);
        guest!.UserData.ShouldBe("p=1");
        missing.ShouldBeEmpty();
    }

    private sealed class Known : Dictionary<string, string>, ISecrets
    {
        public Task<string?> Find(TenantId tenant, string name, CancellationToken cancel) => Task.FromResult(this.GetValueOrDefault($"{tenant}/{name}"));
    }
}
