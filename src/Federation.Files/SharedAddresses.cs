using System.Collections.Immutable;
using Federation.Domain.Applications;
using Federation.Domain.Identity;
using Federation.Yaml;

namespace Federation.Files;

/// <summary>Finds addresses that two applications of one tenant have: they are on one network, and a sensor cannot tell whose a frame is.</summary>
public static class SharedAddresses
{
    /// <summary>What is odd about each of several applications, told at the later one of two.</summary>
    public static ImmutableArray<(Application Application, Warning Warning)> Among(IReadOnlyList<Application> applications)
    {
        var spans = applications.Select(AddressSpan.Of).ToList();
        return
        [
            .. from later in Enumerable.Range(0, applications.Count)
               from earlier in Enumerable.Range(0, later)
               let other = applications[earlier]
               where other.Tenant == applications[later].Tenant && other.Id != applications[later].Id
               let address = AddressSpan.Common(spans[later], spans[earlier])
               where address is not null
               select (applications[later], Of(applications[later], address.Value, other.Id)),
        ];
    }

    /// <summary>What is odd about an application.</summary>
    /// <param name="application">The application.</param>
    /// <param name="address">An address of it.</param>
    /// <param name="other">The other application that has it.</param>
    public static Warning Of(Application application, Address address, AppId other)
    {
        var (_, index) = application.Vms.Select((vm, index) => (vm, index)).First(each => each.vm.Addresses.Contains(address));
        return new($"vms[{index}].addresses", $"{address}", $"is an address of application {other} too: a sensor cannot tell whose its traffic is",
            $"give every VM of tenant {application.Tenant} an address of its own");
    }
}
