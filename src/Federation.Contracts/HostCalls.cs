using Federation.Domain.Access;
using Federation.Domain.Hosts;
using Federation.Domain.Migration;

namespace Federation.Contracts;

/// <summary>Orders to a host's agent, as calls that throw where they are not done.</summary>
public static class HostCalls
{
    // A mailbox leaves its silo only once nobody waits at it.
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(1);

    /// <summary>Orders something and waits until it is done.</summary>
    /// <param name="grains">Finds the agent's mailbox.</param>
    /// <param name="host">The host.</param>
    /// <param name="order">The order; told again with the same operation, it is done once.</param>
    /// <param name="longest">How long to wait at most.</param>
    /// <param name="clock">Measures that.</param>
    /// <param name="cancel">Gives up; the order may be done yet.</param>
    /// <exception cref="HypervisorException">
    /// It was refused or failed; or no answer came: then <see cref="HypervisorException.IsOutcomeUnknown"/> tells whether it may be done yet.
    /// </exception>
    public static async Task<HostAnswer> Order(
        this IGrainFactory grains, HostPost host, HostOrder order, TimeSpan longest, TimeProvider clock, CancellationToken cancel)
    {
        var begun = clock.GetTimestamp();
        var mayBeDone = false;
        while (true)
        {
            var left = longest - clock.GetElapsedTime(begun);
            try
            {
                var result = await grains.Agent(host).Do(order, left < TimeSpan.Zero ? TimeSpan.Zero : left < Slice ? left : Slice).WaitAsync(cancel);
                mayBeDone |= result.WasHandedOut;
                if (result.Answer is { } answer)
                {
                    return answer.Outcome is HostOutcome.Done ? answer : throw new HypervisorException($"host {host}: {answer.Reason}");
                }

                // A mailbox that was opened anew has heard of nobody yet.
                if (await grains.Agent(host).Status() is { IsHeard: false } status && clock.GetUtcNow() - status.OpenedAt > AgentStatus.LongestSilence)
                {
                    // Whoever waits for it would not see that the host was fenced meanwhile.
                    throw new HypervisorException($"host {host}: its agent is not heard of any more") { IsOutcomeUnknown = mayBeDone };
                }
            }
            catch (Exception fault) when (fault is OrleansException or TimeoutException or IOException)
            {
                throw new HypervisorException($"host {host}: its agent's mailbox was not reached: {fault.Message}", fault) { IsOutcomeUnknown = true };
            }

            if (clock.GetElapsedTime(begun) >= longest)
            {
                throw mayBeDone
                    ? new HypervisorException($"host {host}: its agent has not answered within {longest.TotalSeconds:0} s") { IsOutcomeUnknown = true }
                    : new HypervisorException($"host {host}: its agent has not asked for orders for {longest.TotalSeconds:0} s");
            }
        }
    }
}
