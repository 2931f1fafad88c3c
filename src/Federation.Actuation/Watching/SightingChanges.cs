using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Federation.Domain.Guests;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;

namespace Federation.Actuation.Watching;

/// <summary>Changes, for a hypervisor that only answers what is there: it is asked again and again, and what differs is told.</summary>
public static class SightingChanges
{
    /// <summary>Tells of every VM that is there, then of what changed from one look to the next. A look that fails is made again at the next turn.</summary>
    /// <param name="look">What is there now.</param>
    /// <param name="pause">Returns when it is time for the next look.</param>
    /// <param name="cancel">Ends it.</param>
    public static async IAsyncEnumerable<(VmRef Vm, GuestSighting? Now)> Poll(
        Func<CancellationToken, Task<ImmutableArray<GuestSighting>>> look,
        Func<CancellationToken, Task> pause,
        [EnumeratorCancellation] CancellationToken cancel)
    {
        ImmutableArray<GuestSighting> known = [];
        while (true)
        {
            var now = await Look(look, known, cancel);
            foreach (var change in Between(known, now))
            {
                yield return change;
            }

            known = now;
            await pause(cancel);
        }
    }

    /// <summary>What differs between two looks: what came or changed, as it is now; what went, null.</summary>
    public static IEnumerable<(VmRef Vm, GuestSighting? Now)> Between(ImmutableArray<GuestSighting> before, ImmutableArray<GuestSighting> now)
    {
        var known = before.ToDictionary(sighting => sighting.Vm);
        foreach (var sighting in now)
        {
            if (!known.Remove(sighting.Vm, out var old) || old != sighting)
            {
                yield return (sighting.Vm, sighting);
            }
        }

        foreach (var gone in known.Keys.Order())
        {
            yield return (gone, null);
        }
    }

    // Nobody who watches can do anything about a hypervisor that does not answer; who asks hears why.
    private static async Task<ImmutableArray<GuestSighting>> Look(
        Func<CancellationToken, Task<ImmutableArray<GuestSighting>>> look, ImmutableArray<GuestSighting> known, CancellationToken cancel)
    {
        try
        {
            return await look(cancel);
        }
        catch (DriverException)
        {
            return known;
        }
    }
}
