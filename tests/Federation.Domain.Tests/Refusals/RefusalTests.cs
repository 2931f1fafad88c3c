using System.Reflection;
using System.Text.Json;
using CsCheck;
using Federation.Domain.Identity;
using Federation.Domain.Json;
using Federation.Domain.Refusals;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Refusals;

public sealed class RefusalTests
{
    private static readonly Gen<string> Name = Gen.String[Gen.Char["ab-Z é\"\\\n/@"], 1, 5];
    private static readonly Gen<NameList> NamesOf = Name.Array[0, 3].Select(NameList.Of);

    private static readonly Gen<RefusalArguments> Flat =
        from site in Maybe(Name) from to in Maybe(Name) from vm in Maybe(Name) from application in Maybe(Gen.String[Gen.Char["ab1"], 1, 3])
        from limit in Maybe(Gen.Double.Select(number => $"{number:R}")) from at in Maybe(Gen.Int[0, 1_000_000].Select(second => $"{second}"))
        from names in NamesOf from sites in NamesOf from detail in Maybe(Name) from occupies in Gen.Bool from count in Gen.Int[0, 9]
        select new RefusalArguments
        {
            Site = site is null ? null : new SiteId(site), To = to is null ? null : new SiteId(to), Offer = detail,
            Tenant = to is null ? null : new TenantId(to), Vm = vm is null ? null : new VmId(vm), Other = site is null ? null : new VmId(site),
            Application = application is null ? null : new AppId(new("astro"), "cg", 1), Limit = limit is null ? null : double.Parse(limit, null),
            Needed = count == 0 ? null : count / 3.0, At = at is null ? null : Samples.Now.AddMilliseconds(double.Parse(at, null)),
            Names = count > 5 ? names : null, Sites = count < 3 ? sites : null, Plan = vm, Reservation = site, By = to, Detail = detail, Instead = vm,
            Occupies = occupies ? true : null, Affected = count > 7 ? count : null, Among = count > 6 ? 9 : null,
        };

    private static readonly Gen<Refusal> Any =
        from code in Gen.Enum<RefusalCode>() from arguments in Flat from cause in Flat from nested in Gen.Bool
        select new Refusal(code, nested ? arguments with { Cause = new(RefusalCode.Hypervisor, cause) } : arguments);

    [Fact]
    public void What_is_written_is_read_again_equal() => Any.Sample(refusal =>
    {
        var json = JsonSerializer.Serialize(Verdict.Reject(refusal), DomainJson.Options);
        var again = JsonSerializer.Deserialize<Verdict>(json, DomainJson.Options);
        again.Refusal.ShouldBe(refusal, json);
        again.Refusal!.GetHashCode().ShouldBe(refusal.GetHashCode());
        RefusalText.Of(again.Refusal).ShouldBe(RefusalText.Of(refusal));
    });

    [Fact]
    public void Two_refusals_are_equal_just_where_they_are_written_alike() => Gen.Select(Any, Any).Sample((a, b) =>
        a.Equals(b).ShouldBe(JsonSerializer.Serialize(a, DomainJson.Options) == JsonSerializer.Serialize(b, DomainJson.Options)));

    [Fact]
    public void Only_what_a_code_uses_is_written() =>
        JsonSerializer.Serialize(Refusal.Quota(RefusalCode.QuotaVcpus, new("rennes"), new("astro"), 16, 20), DomainJson.Options).ShouldBe(
            """{"code":"quotaVcpus","arguments":{"site":"rennes","tenant":"astro","limit":16,"needed":20}}""");

    [Fact]
    public void A_yes_is_written_without_a_refusal()
    {
        JsonSerializer.Serialize(Verdict.Feasible, DomainJson.Options).ShouldBe("""{"refusal":null}""");
        JsonSerializer.Deserialize<Verdict>("""{"refusal":null}""", DomainJson.Options).IsFeasible.ShouldBeTrue();
    }

    [Fact]
    public void An_infinite_need_survives()
    {
        var refusal = Refusal.Deadline(10, double.PositiveInfinity);
        JsonSerializer.Deserialize<Refusal>(JsonSerializer.Serialize(refusal, DomainJson.Options), DomainJson.Options).ShouldBe(refusal);
    }

    [Fact]
    public void Every_code_has_a_text_with_its_arguments_and_without() => Enum.GetValues<RefusalCode>().ShouldAllBe(code =>
        RefusalText.Of(new(code, new())).Length > 0 && RefusalText.Of(new(code, new() { Occupies = true })).Length > 0);

    [Fact]
    public void A_code_without_a_text_is_a_bug() =>
        Should.Throw<ArgumentOutOfRangeException>(() => RefusalText.Of(new((RefusalCode)(-1), new())));

    [Fact]
    public void Every_code_is_made_somewhere_and_its_text_has_no_gap()
    {
        var made = Made().ToList();
        made.Select(refusal => refusal.Code).Distinct().Order().ShouldBe(Enum.GetValues<RefusalCode>());
        foreach (var refusal in made)
        {
            // An argument that is not there would leave two blanks, or a blank at an end or before a comma.
            RefusalText.Of(refusal).ShouldNotMatch("  | ,|^ | $|: ,", $"{refusal.Code}");
        }
    }

    [Fact]
    public void Waiting_is_of_use_for_migrations_at_once_and_windows_and_of_none_for_room()
    {
        RefusalCode.MigrationsInFull.Kind().ShouldBe(RefusalKind.Temporary);
        RefusalCode.MigrationsOutFull.Kind().ShouldBe(RefusalKind.Temporary);
        RefusalCode.ArrivalWindowClosed.Kind().ShouldBe(RefusalKind.Temporary);
        RefusalCode.MigrationsForbidden.Kind().ShouldBe(RefusalKind.Final);
        RefusalCode.CapacityOfferTaken.Kind().ShouldBe(RefusalKind.Final);
        RefusalCode.QuotaCoreHours.Kind().ShouldBe(RefusalKind.Final);
        RefusalCode.ApprovalMissing.Kind().ShouldBe(RefusalKind.NeedsApproval);
    }

    [Fact]
    public void A_refusal_is_of_the_kind_of_what_caused_it()
    {
        var full = Refusal.MigrationsInFull(new("b"), 2);
        var outer = Refusal.PlanSiteRefuses("cg-1", new("b"), Refusal.NoPlace(new("b"), full));
        outer.Kind.ShouldBe(RefusalKind.Temporary);
        outer.Root.ShouldBe(full);
    }

    // Every factory, with something for each of its parameters.
    private static IEnumerable<Refusal> Made()
    {
        yield return Refusal.CapacityNoOrder;
        foreach (var open in typeof(Refusal).GetMethods(BindingFlags.Public | BindingFlags.Static).Where(method => method.ReturnType == typeof(Refusal)))
        {
            var method = open.IsGenericMethod ? open.MakeGenericMethod(typeof(string)) : open;
            if (method.IsSpecialName)
            {
                continue;
            }

            RefusalCode[] codes = method.Name == nameof(Refusal.Quota)
                ? [RefusalCode.QuotaVcpus, RefusalCode.QuotaMemory, RefusalCode.QuotaVms, RefusalCode.QuotaCoreHours]
                : [default];
            foreach (var code in codes)
            {
                yield return (Refusal)method.Invoke(null, [.. method.GetParameters().Select(parameter => Something(parameter.ParameterType, code))])!;
            }
        }
    }

    private static object Something(Type type, RefusalCode code) => Nullable.GetUnderlyingType(type) is { } inner ? Something(inner, code)
        : type == typeof(RefusalCode) ? code
        : type == typeof(string) ? "text"
        : type == typeof(int) ? 3
        : type == typeof(long) ? 3L << 30
        : type == typeof(double) ? 2.5
        : type == typeof(SiteId) ? new SiteId("rennes")
        : type == typeof(TenantId) ? new TenantId("astro")
        : type == typeof(AppId) ? new AppId(new("astro"), "cg", 1)
        : type == typeof(VmId) ? new VmId("vm1")
        : type == typeof(MigrationId) ? MigrationId.Parse("astro/cg.1.1.1")
        : type == typeof(VmRef) ? new VmRef(new AppId(new("astro"), "cg", 1), new("vm1"))
        : type == typeof(Location) ? new Location(new("rennes"), "std")
        : type == typeof(Address) ? Address.Parse("10.0.0.1")
        : type == typeof(DateTimeOffset) ? Samples.Now
        : type == typeof(TimeSpan) ? TimeSpan.FromSeconds(30)
        : type == typeof(Refusal) ? Refusal.SiteOffline(new("rennes"))
        : type == typeof(IEnumerable<SiteId>) ? new SiteId[] { new("rennes"), new("lyon") }
        : type == typeof(IEnumerable<VmId>) ? new VmId[] { new("vm1"), new("vm2") }
        : type == typeof(IEnumerable<VmRef>) ? new[] { VmRef.Parse("astro/cg.1/vm1") }
        : type == typeof(IEnumerable<PlanId>) ? new[] { PlanId.Parse("astro/cg.1.1") }
        : type == typeof(IEnumerable<string>) ? (object)new[] { "eu", "gdpr" }
        : throw new NotSupportedException($"say what stands for a {type}");

    private static Gen<string?> Maybe(Gen<string> gen) => Gen.Bool.SelectMany(some => some ? gen.Select(text => (string?)text) : Gen.Const((string?)null));
}
