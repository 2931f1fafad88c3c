using System.Reflection;
using Federation.Contracts;
using Federation.Silo.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Federation.Silo.Tests.Hosting;

/// <summary>What becomes of grains that could not store their state while they were at work.</summary>
public sealed class InterruptedGrainsTests
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    [Fact(Timeout = 60_000)]
    public async Task A_plan_that_could_not_store_its_state_is_called_until_it_goes_on_and_then_no_more()
    {
        var (clock, calls) = (new FakeTimeProvider(), 0);
        var plan = Fake.Of<IPlanGrain>((_, _) => ++calls < 3 ? Task.FromException(new IOException("the database is away")) : Task.CompletedTask);
        var grains = Fake.Of<IGrainFactory>((_, _) => plan);
        var context = Fake.Of<IGrainContext>((method, _) => method.Name == "get_GrainInstance" ? plan : GrainId.Create("plan", "astro/cg.1.1"));
        using var interrupted = new InterruptedGrains(grains, clock, NullLogger<InterruptedGrains>.Instance);
        await interrupted.StartAsync(TestContext.Current.CancellationToken);

        interrupted.Note(context);
        while (calls < 3)
        {
            clock.Advance(Step);
            await Task.Yield();
        }

        for (var later = 0; later < 100; later++)
        {
            clock.Advance(Step);
            await Task.Yield();
        }

        calls.ShouldBe(3);
        await interrupted.StopAsync(TestContext.Current.CancellationToken);
    }

#pragma warning disable CA1852 // DispatchProxy inherits it.
    private class Fake : DispatchProxy
#pragma warning restore CA1852
    {
        private Func<MethodInfo, object?[], object?> answer = null!;

        public static T Of<T>(Func<MethodInfo, object?[], object?> answer)
            where T : class
        {
            var made = Create<T, Fake>();
            ((Fake)(object)made).answer = answer;
            return made;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => answer(targetMethod!, args ?? []);
    }
}
