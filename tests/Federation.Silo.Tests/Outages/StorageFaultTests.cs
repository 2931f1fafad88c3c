using Federation.Silo.Hosting;
using Federation.Storage;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Shouldly;
using Xunit;

namespace Federation.Silo.Tests.Outages;

public sealed class StorageFaultTests
{
    [Theory]
    [InlineData(StorageOutage.Away)]
    [InlineData(StorageOutage.Disk)]
    [InlineData(StorageOutage.Slow)]
    [InlineData(StorageOutage.NoConnections)]
    public void What_is_out_at_one_silos_storage_comes_to_another_silo_with_its_words(StorageOutage outage)
    {
        using var services = new ServiceCollection().AddSerializer(serializer => serializer.AddAssembly(typeof(FederationHost).Assembly)).BuildServiceProvider();
        var serializer = services.GetRequiredService<Serializer>();

        var come = serializer.Deserialize<Exception>(serializer.SerializeToArray<Exception>(new StorageUnavailableException("what it says", outage)));

        var told = come.ShouldBeOfType<StorageUnavailableException>();
        (told.Outage, told.Message).ShouldBe((outage, "what it says"));
    }
}
