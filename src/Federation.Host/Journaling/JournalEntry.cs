using Federation.Domain.Hosts;
using Federation.Domain.Identity;

namespace Federation.Host.Journaling;

/// <summary>A line of a host's journal: an order that was taken, or what became of it.</summary>
/// <param name="At">When it was written.</param>
/// <param name="Operation">Names the order.</param>
/// <param name="Vm">The order's VM.</param>
/// <param name="Epoch">The order's epoch.</param>
/// <param name="Order">What was ordered, in a word; null: it is an answer.</param>
/// <param name="Answer">What became of it; null: it was taken and is about to be done.</param>
/// <remarks>What a VM is, its user data with secrets among it, is in no journal: who ordered it orders it again.</remarks>
internal sealed record JournalEntry(DateTimeOffset At, string Operation, VmRef Vm, long Epoch, string? Order = null, HostAnswer? Answer = null);
