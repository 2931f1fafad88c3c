using Federation.Contracts;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Polly.Timeout;
using Shouldly;
using Xunit;

namespace Federation.Grains.Tests;

public sealed class FederationSerializationTests
{
    [Fact]
    public void An_outage_on_which_Orleans_gave_up_reaches_its_caller_as_what_it_is()
    {
        using var services = new ServiceCollection().AddFederationSerialization().BuildServiceProvider();
        var serializer = services.GetRequiredService<Serializer>();
        var sent = serializer.SerializeToArray<Exception>(new OrleansException("no answer", new TimeoutRejectedException("gave up")));
        serializer.Deserialize<Exception>(sent).ShouldBeOfType<OrleansException>().InnerException.ShouldBeOfType<TimeoutRejectedException>();
    }
}
