using System.Collections.Immutable;
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
           from host in new HostPost?[] { null, new(new("rennes"), "h1"), new(new("rennes"), "h2"), new(new("nancy"), "h1") }
           select new AccessTarget(owner, site, host),
    ];

    private static readonly Gen<AccessRule> Rules =
        from roles in Gen.Enum<Role>().Array[0, 3]
        from ownSite in Gen.Bool
        select new AccessRule([.. roles.Distinct()], ownSite);

    private static readonly Gen<Caller> Callers =
        from roles in Gen.Enum<Role>().Array[0, 3]
        from hasTenant in Gen.Bool
        from hasSite in Gen.Bool
        from hasHost in Gen.Bool
        select new Caller(
            "alice", "test", [.. roles.Distinct()], hasTenant ? [new("astro")] : [], hasSite ? [new("rennes")] : [], Host: hasHost ? new(new("rennes"), "h1") : null);

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
            var isAgentHere = rule.Roles.Contains(Role.Host) && caller.Has(Role.Host);
            (answer is Admission.Hidden).ShouldBe(isTenantHere && !isAdminHere && !isAgentHere);
            (answer is Admission.Granted).ShouldBe(isAdminHere || isAgentHere);
        });

    [Fact]
    public void An_agent_is_let_in_at_the_mailbox_of_its_own_host_and_at_no_other_s() =>
        Callers.Where(caller => caller.Has(Role.Host) && !caller.Has(Role.FederationAdmin) && !caller.Has(Role.Service)).Sample(caller =>
            Targets.Where(target => target.Host is not null).ShouldAllBe(target =>
                new AccessRule(ImmutableArray.Create(Role.Host), false).Check(caller, target) is Admission.Granted == (caller.Host == target.Host)));
}
