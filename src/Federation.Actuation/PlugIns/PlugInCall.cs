using Federation.Domain.Guests;
using Federation.Domain.Identity;

namespace Federation.Actuation.PlugIns;

/// <summary>A line that a plug-in is sent: what it is to do. What a call does not need is left out.</summary>
/// <param name="Call">The call: <c>describe</c>, <c>start</c>, <c>stop</c>, <c>receive</c>, <c>send</c>, <c>switch</c>, <c>run</c>, <c>cancel</c> or <c>find</c>.</param>
/// <param name="Vm">The VM.</param>
/// <param name="Migration">The migration.</param>
/// <param name="Guest">What the VM is.</param>
/// <param name="To">Where the destination waits.</param>
/// <param name="Terms">How it may be transferred.</param>
internal sealed record PlugInCall(
    string Call,
    VmRef? Vm = null,
    MigrationId? Migration = null,
    GuestSpec? Guest = null,
    TransferTarget? To = null,
    TransferTerms? Terms = null)
{
    /// <summary>Names the call; the answer bears it.</summary>
    public long Id { get; init; }

    /// <summary>For failures: without what it carries, which may be secret.</summary>
    public override string ToString() => Vm is { } vm ? $"call {Id} ({Call} {vm})" : $"call {Id} ({Call})";
}
