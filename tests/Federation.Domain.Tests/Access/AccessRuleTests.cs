using CsCheck;
using Federation.Domain.Access;
using Federation.Domain.Identity;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Access;

public sealed class AccessRuleTests
{
    private static readonly AccessTarget[] Targets =
    [
        .. from owner in new TenantId?[] { null, new("astro"), new("bio") }
           from site in new SiteId?[] { null, new("rennes"), new("nancy") }
           select new AccessTarget(owner, site),
    ];

    private static readonly Gen<AccessRule> Rules =
        from roles in Gen.Enum<Role>().Array[0, 3]
        from ownSite in Gen.Bool
        select new AccessRule([.. roles.Distinct()], ownSite);

    private static readonly Gen<Caller> Callers =
        from roles in Gen.Enum<Role>().Array[0, 3]
        from hasTenant in Gen.Bool
        from hasSite in Gen.Bool
        select new Caller("alice", "test", [.. roles.Distinct()], hasTenant ? [new("astro")] : [], hasSite ? [new("rennes")] : []);

    [Fact]
    public void What_a_rule_grants_whatever_it_is_about_is_what_it_grants_on_every_object() =>
        Gen.Select(Rules, Callers).Sample((rule, caller) =>
            rule.Grants(caller).ShouldBe(Targets.All(target => rule.Check(caller, target) is Admission.Granted)));

    [Fact]
    public void Another_tenant_s_object_is_hidden_from_a_tenant_and_open_to_nobody_without_a_role() =>
        Gen.Select(Rules, Callers).Where((rule, caller) => !rule.Grants(caller)).Sample((rule, caller) =>
        {
            var answer = rule.Check(caller, new(new("bio"), null));
            var isTenantHere = rule.Roles.Contains(Role.Tenant) && caller.Has(Role.Tenant);
            var isAdminHere = rule.Roles.Contains(Role.SiteAdmin) && caller.Has(Role.SiteAdmin);
            (answer is Admission.Hidden).ShouldBe(isTenantHere && !isAdminHere);
            (answer is Admission.Granted).ShouldBe(isAdminHere);
        });
}
