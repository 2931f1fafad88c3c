using System.Collections.Immutable;
using System.Globalization;

namespace Federation.Actuation.Libvirt;

/// <summary>A domain's state, in libvirt's numbers (virDomainState and its reasons).</summary>
/// <param name="State">1: running, 3: paused, 5: shut off.</param>
/// <param name="Reason">Why.</param>
internal readonly record struct DomainState(int State, int Reason)
{
    private const int ByUser = 1;

    /// <summary>It runs.</summary>
    public bool IsRunning => State == 1;

    /// <summary>It stands still.</summary>
    public bool IsPaused => State == 3;

    /// <summary>It is described and has no process.</summary>
    public bool IsOff => State == 5;

    /// <summary>It stands still and waits to be told to run: a domain that is being filled stands still for its migration.</summary>
    public bool IsComplete => IsPaused && Reason == ByUser;

    /// <summary>Reads what <c>virsh domstats --state</c> prints.</summary>
    public static ImmutableDictionary<string, DomainState> Read(string printed)
    {
        var found = ImmutableDictionary.CreateBuilder<string, DomainState>();
        foreach (var part in printed.Split("Domain: '").Skip(1))
        {
            found[part[..part.IndexOf('\'', StringComparison.Ordinal)]] = new(Number(part, "state.state="), Number(part, "state.reason="));
        }

        return found.ToImmutable();
    }

    private static int Number(string text, string key)
    {
        var line = text.Split('\n').Select(line => line.Trim()).FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal));
        return int.TryParse(line?[key.Length..], CultureInfo.InvariantCulture, out var number) ? number : 0;
    }
}
