using System.Collections.Immutable;
using Federation.Domain.Applications;
using Federation.Domain.Identity;
using Federation.Yaml;

namespace Federation.Files;

/// <summary>Finds addresses that two applications on one network have: a sensor cannot tell whose a frame is.</summary>
public static class SharedAddresses
{
    /// <summary>What is odd about each of several applications, told at the later one of two.</summary>
    public static ImmutableArray<(Application Application, Warning Warning)> Among(IReadOnlyList<Application> applications)
    {
        var needs = applications.Select(ApplicationNeeds.Of).ToList();
        return
        [
            .. from later in Enumerable.Range(0, applications.Count)
               from earlier in Enumerable.Range(0, later)
               let other = applications[earlier]
               where other.Id != applications[later].Id
               let address = needs[later].SharedWith(needs[earlier], other.Tenant == applications[later].Tenant)
               where address is not null
               select (applications[later], Of(applications[later], address.Value, other.Id)),
        ];
    }

    /// <summary>What is odd about an application. Of one of another tenant it says no more than that the address is taken.</summary>
    /// <param name="application">The application.</param>
    /// <param name="address">An address of it.</param>
    /// <param name="other">The other application that has it.</param>
    public static Warning Of(Application application, Address address, AppId other)
    {
        var (_, index) = application.Vms.Select((vm, index) => (vm, index)).First(each => each.vm.Addresses.Contains(address));
        var whose = other.Tenant == application.Tenant ? $"application {other}" : "an application of another tenant";
        var where = application.Network is { } network ? $"on network {network}" : $"of tenant {application.Tenant}";
        return new($"vms[{index}].addresses", $"{address}", $"is an address of {whose} too: a sensor cannot tell whose its traffic is",
            $"give every VM {where} an address of its own, or, if the two are on different networks, say so by `network`");
    }
}
