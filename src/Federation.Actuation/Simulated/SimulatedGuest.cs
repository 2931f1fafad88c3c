using System.Collections.Immutable;
using Federation.Domain.Guests;
using Federation.Domain.Identity;

namespace Federation.Actuation.Simulated;

/// <summary>A VM in the simulated world: its copies, at most one a host. Holds a list: compared by reference.</summary>
/// <param name="Copies">Its copies; empty: it is nowhere.</param>
internal sealed record SimulatedGuest(ImmutableArray<SimulatedCopy> Copies)
{
    public static SimulatedGuest Nowhere { get; } = new([]);

    /// <summary>The copy at a host; null: none.</summary>
    public SimulatedCopy? At(string host) => Copies.FirstOrDefault(copy => copy.Host == host);

    /// <summary>With a copy in the place of the one that is at its host.</summary>
    public SimulatedGuest With(SimulatedCopy copy) => new(Without(copy.Host).Copies.Add(copy));

    /// <summary>Without the copy at a host.</summary>
    public SimulatedGuest Without(string host) => new(Copies.RemoveAll(copy => copy.Host == host));
}

/// <summary>A copy of a VM at a host. Holds a description with lists: compared by reference.</summary>
/// <param name="Host">The host.</param>
/// <param name="State">What it does.</param>
/// <param name="Spec">What it is, without its user data.</param>
/// <param name="Sends">Source: the transfer that it takes or took part in as long as it did not run again.</param>
/// <param name="Takes">Destination: the transfer that fills or filled it.</param>
/// <param name="Last">How far the last transfer came that is over.</param>
internal sealed record SimulatedCopy(
    string Host, GuestState State, GuestSpec Spec, Outgoing? Sends = null, Incoming? Takes = null, TransferProgress? Last = null);

/// <summary>A transfer as its source knows it.</summary>
/// <param name="Migration">Which.</param>
/// <param name="To">The destination.</param>
/// <param name="Terms">What it keeps to.</param>
/// <param name="Began">When it began.</param>
/// <param name="Stopped">When the VM came to stand still; null: it runs.</param>
/// <param name="Switched">When it was told to send the rest; null: not yet.</param>
internal sealed record Outgoing(
    MigrationId Migration, string To, TransferTerms Terms, DateTimeOffset Began, DateTimeOffset? Stopped = null, DateTimeOffset? Switched = null);

/// <summary>A transfer as its destination knows it.</summary>
/// <param name="Migration">Which.</param>
/// <param name="Terms">What it keeps to.</param>
/// <param name="From">The source; null: none has begun to send.</param>
/// <param name="Stopped">When the VM came to stand still; null: not yet.</param>
internal sealed record Incoming(MigrationId Migration, TransferTerms Terms, string? From = null, DateTimeOffset? Stopped = null);
