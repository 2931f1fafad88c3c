using Federation.Domain.Hosts;

namespace Federation.Host.Ordering;

/// <summary>Orders as calls to a driver.</summary>
internal static class OrderCalls
{
    /// <summary>Does what an order says.</summary>
    /// <exception cref="DriverException">The hypervisor cannot.</exception>
    public static async Task<HostAnswer> Call(IHypervisorDriver driver, HostOrder order, CancellationToken cancel)
    {
        if (order is HostOrder.Receive receive)
        {
            var target = await driver.Receive(receive.Migration, receive.Guest, receive.Terms, cancel);
            return new(order.Operation, HostOutcome.Done, Target: target);
        }

        await (order switch
        {
            HostOrder.Start start => driver.Start(start.Guest, cancel),
            HostOrder.Stop => driver.Stop(order.Vm, cancel),
            HostOrder.Send send => driver.Send(send.Migration, send.Vm, send.To, send.Terms, cancel),
            HostOrder.Switch at => driver.Switch(at.Migration, at.Vm, cancel),
            HostOrder.Run => driver.Run(order.Vm, cancel),
            HostOrder.Cancel end => driver.Cancel(end.Migration, end.Vm, cancel),
            _ => throw new DriverException($"this agent does not know what a '{order.GetType().Name}' is: it is older than the service"),
        });
        return new(order.Operation, HostOutcome.Done);
    }
}
