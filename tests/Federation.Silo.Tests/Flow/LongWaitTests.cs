using System.Net;
using Federation.Silo.Tests.Making;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Shouldly;
using Xunit;

namespace Federation.Silo.Tests.Flow;

public sealed class LongWaitTests
{
    [Fact]
    public async Task A_query_may_wait_longer_than_a_call_between_grains_may_take()
    {
        await using var service = await RunningService.Start(
            new ServiceFolder(), null, builder => builder.Services.Configure<SiloMessagingOptions>(messaging => messaging.ResponseTimeout = TimeSpan.FromSeconds(2)));
        await service.Apply(SampleFiles.Application());

        // Nothing is ever reported of that window: all of the wait is waited for.
        using var response = await service.Get("/v1/applications/cg/traffic?windows=1&wait=5&until=2026-11-01T00:00:00Z");

        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity, text);
        text.ShouldContain("silence is not zero");
    }
}
