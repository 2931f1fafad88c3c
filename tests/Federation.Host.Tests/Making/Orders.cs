using Federation.Domain.Access;
using Federation.Domain.Guests;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;

namespace Federation.Host.Tests.Making;

/// <summary>Orders to one host.</summary>
internal static class Orders
{
    public static readonly HostPost Here = new(new("rennes"), "host1");

    public static VmRef Vm(int number) => new(AppId.Parse("astro/cg.1"), new($"vm{number}"));

    public static GuestSpec Guest(int number, string? userData = null) => new() { Vm = Vm(number), Vcpus = 1, MemoryBytes = 16 << 20, UserData = userData };

    public static HostOrder Start(string operation, int vm, long epoch, string? userData = null) => new HostOrder.Start(operation, Vm(vm), epoch, Guest(vm, userData));

    public static HostOrder Stop(string operation, int vm, long epoch) => new HostOrder.Stop(operation, Vm(vm), epoch);

    public static HostOrder Run(string operation, int vm, long epoch) => new HostOrder.Run(operation, Vm(vm), epoch);

    public static HostOrders To(HostPost host, params HostOrder[] orders) => new(host.Site, host.Host, [.. orders]);
}
