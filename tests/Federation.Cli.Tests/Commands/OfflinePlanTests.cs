using System.Text.Json;
using Federation.Cli.Tests.Making;
using Shouldly;
using Xunit;

namespace Federation.Cli.Tests.Commands;

public sealed class OfflinePlanTests
{
    private const string AtCloud = ", at: { site: cloud, offer: m5 }";
    private const string AtGrid = ", at: { site: grid, offer: std-4 }";

    [Fact]
    public async Task A_first_placement_goes_where_it_is_free()
    {
        using var world = new SmallWorld();

        var run = await world.Plan(world.Application(), "-o", "json");

        run.ExitCode.ShouldBe(ExitCode.Pending);
        run.Json.GetProperty("decision").GetString().ShouldBe("place");
        run.Json.GetProperty("before").ValueKind.ShouldBe(JsonValueKind.Null);
        run.Json.GetProperty("placement").EnumerateArray().ShouldAllBe(vm => vm.GetProperty("site").GetString() == "grid");
        run.Json.GetProperty("steps").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Without_traffic_VMs_get_a_first_placement_and_the_plan_says_that_it_knows_of_none()
    {
        using var world = new SmallWorld();

        var run = await CommandRun.Of("plan", "--offline", "--sites", world.Sites, "--app", world.Application(), "--at", "2026-11-23T18:00Z");

        run.ExitCode.ShouldBe(ExitCode.Pending);
        run.Out.ShouldContain("Decision: place");
        run.Out.ShouldContain("no traffic is known");
        (await world.Plan(world.Application())).Out.ShouldNotContain("no traffic is known");
    }

    [Fact]
    public async Task Traffic_with_an_endpoint_has_a_place_in_the_plan()
    {
        using var world = new SmallWorld();
        var application = world.Write("app.yaml", """
            application: cg
            tenant: astro
            objective: cost
            remaining: 2h
            endpoints: [{ name: nfs, addresses: [192.0.2.7], site: cloud }]
            vms: { count: 4, prefix: vm, firstAddress: 10.42.0.1, vcpus: 2, memory: 4GiB }
            """);

        // 250 MB in 30 s to the server are 60 GB in two hours, at 0 from the grid; but what comes back costs 0.02 a GB.
        world.Traffic = world.Write("traffic.csv", "source,destination,packets,bytes\n10.42.0.1,192.0.2.7,1000,250000000\n192.0.2.7,10.42.0.1,1000,250000000\n");
        var run = await world.Plan(application, "-o", "json");

        var at = run.Json.GetProperty("endpoints").EnumerateArray().ShouldHaveSingleItem();
        at.GetProperty("endpoints")[0].GetString().ShouldBe("nfs");
        at.GetProperty("site").GetString().ShouldBe("cloud");
        at.GetProperty("traffic").GetDouble().ShouldBe(run.Json.GetProperty("after").GetProperty("traffic").GetDouble(), 1e-9);
        run.Json.GetProperty("placement")[0].GetProperty("site").GetString().ShouldBe("cloud", "for 1.2 of egress hosting for 0.4 is worth it");
        run.Json.GetProperty("placement")[1].GetProperty("site").GetString().ShouldBe("grid");
        (await world.Plan(application)).Out.ShouldContain("Traffic with endpoints");
    }

    [Fact]
    public async Task What_is_emitted_now_and_under_the_plan_is_in_its_terms_where_every_site_says_it()
    {
        using var world = new SmallWorld();
        (await world.Plan(world.Application(AtCloud))).Out.ShouldNotContain("emissions");
        foreach (var (site, grams) in new[] { ("cloud", 500), ("grid", 50) })
        {
            File.AppendAllText(Path.Combine(world.Sites, $"{site}.yaml"), $"\nenergy: {{ wattsPerVcpu: 10, gramsPerKWh: {grams} }}\n");
        }

        // Four VMs of four vCPUs for two hours are 0.32 kWh.
        var json = (await world.Plan(world.Application(AtCloud), "-o", "json")).Json;
        json.GetProperty("gramsBefore").GetDouble().ShouldBe(160, 0.1);
        json.GetProperty("gramsAfter").GetDouble().ShouldBe(16, 0.1);
        (await world.Plan(world.Application(AtCloud))).Out.ShouldMatch(@"emissions\s+160\S* g CO2e\s+16\S* g CO2e\s+-90 %");
    }

    [Fact]
    public async Task What_counts_besides_money_has_a_line_of_its_own_where_something_is_preferred()
    {
        using var world = new SmallWorld();
        (await world.Plan(world.Application(AtCloud))).Out.ShouldNotContain("preference");
        var application = world.Application(AtCloud);
        File.AppendAllText(application, "\nprefer: [{ sites: [cloud], pricePerHour: 0.05 }]\n");

        // Four VMs for two hours at the grid, which is free: 0.4 for what hosting for 1.6 is saved.
        var after = (await world.Plan(application, "-o", "json")).Json.GetProperty("after");
        after.GetProperty("preference").GetDouble().ShouldBe(0.4, 1e-9);
        after.GetProperty("cost").GetDouble().ShouldBe(after.GetProperty("moving").GetDouble() + after.GetProperty("traffic").GetDouble(), 1e-9);
        (await world.Plan(application)).Out.ShouldMatch(@"preference\s+0\s+0\.4");
        File.WriteAllText(application, File.ReadAllText(application).Replace("0.05", "5", StringComparison.Ordinal));
        (await world.Plan(application, "-o", "json")).Json.GetProperty("decision").GetString().ShouldBe("stay");
    }

    [Fact]
    public async Task The_same_traffic_in_frames_of_1500_bytes_and_of_64_KiB_has_one_predicted_slowdown()
    {
        using var world = new SmallWorld();
        var application = world.Application();
        File.AppendAllText(application, "\napart: [{ vms: [vm1, vm2], sites: 2 }, { vms: [vm3, vm4], sites: 2 }]\n");
        var large = await Slowdown();
        world.Traffic = world.Write("whole.csv", """
            source,destination,packets,bytes
            10.42.0.1,10.42.0.2,19461,22542717
            10.42.0.2,10.42.0.1,19411,22538889
            10.42.0.3,10.42.0.4,19378,22534610
            10.42.0.4,10.42.0.3,19512,22543496
            """);
        (await Slowdown()).ShouldBe(large, large * 0.06);
        large.ShouldBeGreaterThan(100);
        File.AppendAllText(application, "packetsPerExchange: 1\n");
        (await Slowdown()).ShouldBeGreaterThan(5 * large, "each frame a wait, as the application has said");

        async Task<double> Slowdown() => (await world.Plan(application, "-o", "json")).Json.GetProperty("after").GetProperty("time").GetDouble() - 7200;
    }

    [Fact]
    public async Task A_plan_can_be_tried_with_a_site_closed_or_with_other_prices()
    {
        using var world = new SmallWorld();
        var atGrid = world.Application(AtGrid);
        (await world.Plan(atGrid, "-o", "json")).Json.GetProperty("decision").GetString().ShouldBe("stay");

        var closed = (await world.Plan(atGrid, "--what-if", "close=grid", "-o", "json")).Json;
        closed.GetProperty("decision").GetString().ShouldBe("migrate");
        closed.GetProperty("placement").EnumerateArray().ShouldAllBe(vm => vm.GetProperty("site").GetString() == "cloud");
        closed.GetProperty("whatIf")[0].GetString().ShouldBe("grid is closed");
        var dearer = (await world.Plan(atGrid, "--what-if", "close=grid", "--what-if", "price=cloud*2.5", "-o", "json")).Json;
        dearer.GetProperty("after").GetProperty("hosting").GetDouble().ShouldBe(closed.GetProperty("after").GetProperty("hosting").GetDouble() * 2.5, 1e-9);
        (await world.Plan(atGrid, "--what-if", "price=cloud*2.5")).Out.ShouldContain("the prices of cloud are 2.5 times what they are");

        var atCloud = world.Application(AtCloud);
        (await world.Plan(atCloud, "-o", "json")).Json.GetProperty("decision").GetString().ShouldBe("migrate");
        var modest = (await world.Plan(atCloud, "--what-if", "margin=0.99", "--what-if", "objective=cost", "-o", "json")).Json;
        modest.GetProperty("decision").GetString().ShouldBe("stay");
        modest.GetProperty("whatIf").EnumerateArray().Select(change => change.GetString()).ShouldBe(["the margin is 0.99", "the objective is cost"]);
        (await world.Plan(atCloud, "--what-if", "deadline=1s", "-o", "json")).Json.GetProperty("decision").GetString().ShouldBe("infeasible");
    }

    [Theory]
    [InlineData("shut=grid", "'shut=grid' is no change that is known; write close=SITE, price=SITE*2, objective=time, margin=0.2 or deadline=2h")]
    [InlineData("margin=1", "is no change that is known")]
    [InlineData("objective=1", "is no change that is known")]
    [InlineData("deadline=0s", "is no change that is known")]
    [InlineData("price=grid*-1", "is no change that is known")]
    [InlineData("price=grid", "is no change that is known")]
    [InlineData("close=gird", "the federation has no site gird; the nearest is 'grid'")]
    public async Task A_change_to_try_that_is_none_is_told(string change, string message)
    {
        using var world = new SmallWorld();
        var run = await world.Plan(world.Application(AtGrid), "--what-if", change);
        run.ExitCode.ShouldBe(ExitCode.Error);
        run.Error.ShouldContain(message);
    }

    [Fact]
    public async Task Running_VMs_move_when_that_pays()
    {
        using var world = new SmallWorld();

        var run = await world.Plan(world.Application(AtCloud), "-o", "json");

        run.ExitCode.ShouldBe(ExitCode.Pending);
        run.Json.GetProperty("decision").GetString().ShouldBe("migrate");
        run.Json.GetProperty("steps").GetArrayLength().ShouldBe(4);
    }

    [Fact]
    public async Task Staying_is_done()
    {
        using var world = new SmallWorld();

        var run = await world.Plan(world.Application(AtGrid), "-o", "json");

        run.ExitCode.ShouldBe(ExitCode.Done);
        run.Json.GetProperty("decision").GetString().ShouldBe("stay");
    }

    [Fact]
    public async Task What_no_site_can_hold_is_infeasible_with_a_reason_for_each_site()
    {
        using var world = new SmallWorld();

        var run = await world.Plan(world.Application(memory: "64GiB"), "-o", "json");

        run.ExitCode.ShouldBe(ExitCode.Infeasible);
        run.Json.GetProperty("decision").GetString().ShouldBe("infeasible");
        run.Json.GetProperty("after").ValueKind.ShouldBe(JsonValueKind.Null);
        run.Json.GetProperty("rejected").EnumerateArray().Select(site => site.GetProperty("site").GetString()).ShouldBe(["cloud", "grid"]);
    }

    [Fact]
    public async Task The_keys_are_those_of_the_contract()
    {
        using var world = new SmallWorld();

        var plan = (await world.Plan(world.Application(AtCloud), "-o", "json")).Json;

        foreach (var key in new[]
        {
            "application", "objective", "decision", "status", "bound", "gap", "before", "after", "placement", "steps", "why", "rejected",
        })
        {
            plan.TryGetProperty(key, out _).ShouldBeTrue(key);
        }

        plan.TryGetProperty("id", out _).ShouldBeFalse();
        plan.TryGetProperty("state", out _).ShouldBeFalse();
        Keys(plan.GetProperty("after")).ShouldBe(["hosting", "traffic", "moving", "cost", "time", "utilization"]);
        Keys(plan.GetProperty("steps")[0]).Take(6).ShouldBe(["vm", "from", "to", "bytes", "duration", "downtime"]);
        Keys(plan.GetProperty("placement")[0]).Take(3).ShouldBe(["vm", "site", "offer"]);
    }

    [Theory]
    [InlineData("auto")]
    [InlineData("exact")]
    [InlineData("search")]
    public async Task The_same_inputs_give_the_same_bytes(string solver)
    {
        using var world = new SmallWorld();
        var application = world.Application(AtCloud);

        var first = await world.Plan(application, "-o", "json", "--solver", solver, "--seed", "7");
        var second = await world.Plan(application, "-o", "json", "--solver", solver, "--seed", "7");

        second.Out.ShouldBe(first.Out);
        first.ExitCode.ShouldBe(ExitCode.Pending);
    }

    [Fact]
    public async Task Traffic_to_the_internet_is_billed_where_it_costs()
    {
        using var world = new SmallWorld();
        world.Write("sites/grid.yaml", (await File.ReadAllTextAsync(Path.Combine(world.Sites, "grid.yaml"), TestContext.Current.CancellationToken))
            .Replace("available: 4", "available: 1", StringComparison.Ordinal));
        world.Traffic = world.Write("more.csv", "source,destination,packets,bytes\n10.42.0.1,192.0.2.7,1000,3000000000\n");

        var run = await world.Plan(world.Application(), "-o", "json");

        // One VM fits where traffic to the internet is free: the one that has any.
        run.Json.GetProperty("placement").EnumerateArray().Single(vm => vm.GetProperty("site").GetString() == "grid")
            .GetProperty("vm").GetString().ShouldBe("vm1");
        run.Json.GetProperty("after").GetProperty("traffic").GetDouble().ShouldBe(0);
    }

    [Fact]
    public async Task The_table_shows_terms_placement_steps_and_reasons()
    {
        using var world = new SmallWorld();

        var run = await world.Plan(world.Application(AtCloud));

        run.ExitCode.ShouldBe(ExitCode.Pending);
        run.Lines[0].ShouldBe("Plan for application cg, as of 2026-11-23T18:00:00Z");
        run.Lines.ShouldContain(line => line.StartsWith("Decision: migrate; objective cost; optimal", StringComparison.Ordinal));
        run.Lines.ShouldContain(line => line.StartsWith("hosting  ", StringComparison.Ordinal) && line.EndsWith("-100 %", StringComparison.Ordinal));
        foreach (var heading in new[] { "Terms", "Placement", "Steps", "Why" })
        {
            run.Lines.ShouldContain(heading);
        }
    }

    [Fact]
    public async Task YAML_says_the_same()
    {
        using var world = new SmallWorld();

        var run = await world.Plan(world.Application(), "-o", "yaml");

        run.Lines.ShouldContain("decision: place");
        run.Lines.ShouldContain("- vm: vm1");
    }

    [Fact]
    public async Task Every_fault_of_every_file_is_told_and_nothing_is_planned()
    {
        using var world = new SmallWorld();
        world.Write("sites/cloud.yaml", "site: cloud\nkind: fog\n");
        world.Traffic = world.Write("bad.csv", "source,destination,packets,bytes\n10.42.0.1,x,1,1\n");
        var application = world.Write("bad.yaml", "application: cg\nobjective: fame\n");

        var run = await world.Plan(application, "-o", "json");

        run.ExitCode.ShouldBe(ExitCode.Error);
        run.Out.ShouldBeEmpty();
        run.Error.ShouldContain("cloud.yaml:2: kind: 'fog'");
        run.Error.ShouldContain("bad.yaml:2: objective: 'fame'");
        run.Error.ShouldContain("bad.csv:2: destination: 'x' is no address");
    }

    [Theory]
    [InlineData(", at: { site: fog, offer: m5 }", "fog")]
    [InlineData(", at: { site: cloud, offer: m6 }", "m6")]
    [InlineData(", sites: [fog]", "fog")]
    public async Task A_place_that_does_not_exist_is_a_fault_and_not_a_crash(string at, string value)
    {
        using var world = new SmallWorld();

        var run = await world.Plan(world.Application(at));

        run.ExitCode.ShouldBe(ExitCode.Error);
        run.Error.ShouldContain($"'{value}'");
        run.Error.ShouldContain("app.yaml:5:");
    }

    [Fact]
    public async Task Files_that_are_not_there_are_named()
    {
        using var world = new SmallWorld();
        var application = world.Application();
        world.Traffic = "/nonexistent/traffic.csv";

        (await world.Plan(application)).Error.ShouldBe("fedctl: /nonexistent/traffic.csv: there is no such file\n");
        (await world.Plan("/nonexistent/app.yaml")).Error.ShouldBe("fedctl: /nonexistent/app.yaml: there is no such file\n");
    }

    private static IEnumerable<string> Keys(JsonElement document) => document.EnumerateObject().Select(member => member.Name);
}
