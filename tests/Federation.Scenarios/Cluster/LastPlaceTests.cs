using System.Globalization;
using System.Net;
using Shouldly;
using Xunit;

namespace Federation.Scenarios.Cluster;

public sealed class LastPlaceTests
{
    private static int Races => int.Parse(Environment.GetEnvironmentVariable("FEDERATION_RACES") ?? "1000", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Of_two_plans_over_the_same_last_place_exactly_one_wins_each_time_and_the_other_says_why()
    {
        await using var sites = await ThreeSites.Start("--Federation:SimulatedTimeScale=0");
        var setup = new Caller(sites.Silos);
        foreach (var site in ThreeSites.Names)
        {
            // One place for the tenant in the whole federation.
            await setup.Send(HttpMethod.Put, $"/v1/sites/{site}", ThreeSites.Description(site, vms: site == "north" ? 1 : 0));
        }

        var racers = new[] { new Racer("one", new(sites.Silos)), new Racer("two", new([.. sites.Silos.Reverse()])) };
        await Task.WhenAll(racers.Select(racer => racer.Submit()));
        for (var race = 0; race < Races; race++)
        {
            await Task.WhenAll(racers.Select(racer => racer.Plan()));
            var ends = await Task.WhenAll(racers.Select(racer => racer.Apply()));
            ends.Count(end => end.Won).ShouldBe(1, string.Join(" / ", ends.Select(end => end.Text)));
            ends.Single(end => !end.Won).Text.ShouldContain("north");
            await Task.WhenAll(racers.Select(racer => racer.Restart()));
        }
    }

    /// <summary>An application of one VM that wants the place.</summary>
    private sealed class Racer(string name, Caller caller)
    {
        private string plan = "";
        private long seen;

        public async Task Submit() => await caller.Send(HttpMethod.Put, $"/v1/applications/{name}", $$"""
            application: {{name}}
            tenant: astro
            objective: cost
            remaining: 1h
            vms: { count: 1, prefix: vm, firstAddress: 10.44.0.1, vcpus: 2, memory: 4GiB, dirtyRate: 20MB/s }
            """);

        public async Task Plan()
        {
            var made = await caller.Send(HttpMethod.Post, $"/v1/applications/{name}/plans", """{ "solver": "exact" }""");
            made.GetProperty("decision").GetString().ShouldBe("place");
            plan = made.GetProperty("id").GetString()!;
        }

        /// <summary>Applies the plan and waits for its end: won, or why not.</summary>
        public async Task<(bool Won, string Text)> Apply()
        {
            var (status, document) = await caller.Ask(HttpMethod.Post, $"/v1/plans/{plan}/apply", "{}");
            if (status == HttpStatusCode.Conflict)
            {
                // The other was there before this one was looked at: the world has changed.
                return (false, document.GetProperty("changes").ToString() + document.GetProperty("detail"));
            }

            status.ShouldBeOneOf(HttpStatusCode.OK, HttpStatusCode.Accepted);
            while (true)
            {
                var state = (await caller.Send(HttpMethod.Get, $"/v1/plans/{plan}")).GetProperty("state").GetString();
                if (state is "applied" or "failed")
                {
                    return (state == "applied", state == "failed" ? await Reason() : state);
                }

                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, TestContext.Current.CancellationToken);
            }
        }

        public async Task Restart()
        {
            // A plan that was just applied gives its application back a moment later.
            while ((await caller.Ask(HttpMethod.Delete, $"/v1/applications/{name}")).Status == HttpStatusCode.Conflict)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, TestContext.Current.CancellationToken);
            }

            await Submit();
        }

        private async Task<string> Reason()
        {
            while (true)
            {
                var events = await caller.Send(HttpMethod.Get, $"/v1/events?after={seen}&limit=1000");
                foreach (var entry in events.EnumerateArray())
                {
                    seen = entry.GetProperty("sequence").GetInt64();
                    if (entry.GetProperty("text").GetString() is { } text && text.Contains($"/{plan} failed", StringComparison.Ordinal))
                    {
                        return text;
                    }
                }
            }
        }
    }
}
