using System.Text.Json.Serialization;
using Federation.Domain.Guests;
using Federation.Domain.Identity;

namespace Federation.Domain.Migration;

/// <summary>One migration, as a hypervisor is told of it.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Vm">The VM.</param>
/// <param name="From">Where it runs.</param>
/// <param name="To">Where it goes.</param>
/// <param name="Epoch">Fencing token. Grows with every operation on the VM; a host refuses an operation whose epoch is older than the newest it has seen.</param>
/// <param name="DurationSeconds">How long it is expected to take, the downtime included.</param>
/// <param name="DowntimeSeconds">How long the VM is expected to stand still.</param>
public sealed record MigrationOrder(
    MigrationId Id, VmRef Vm, Location From, Location To, long Epoch, double DurationSeconds, double DowntimeSeconds)
{
    /// <summary>The host that the VM runs on; null: its site has none.</summary>
    public string? FromHost { get; init; }

    /// <summary>The host that it goes to; null: its new site has none, or none was picked yet.</summary>
    public string? ToHost { get; init; }

    /// <summary>How many bytes it is expected to send; 0: that was not estimated.</summary>
    public double Bytes { get; init; }

    /// <summary>How it may be done.</summary>
    public TransferTerms Terms { get; init; } = new();

    /// <summary>What the VM is; null: its description names no image.</summary>
    public GuestSpec? Guest { get; init; }

    /// <summary>The hardware that its description asks for: what a cold move may give it where it cannot have what it runs on. Null: it asks for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public GuestHardware? Described { get; init; }

    /// <summary>Where its source is.</summary>
    public VmPlace Source => new(From, FromHost);

    /// <summary>Where its destination is.</summary>
    public VmPlace Destination => new(To, ToHost);

    /// <summary>Whether it ends at the site where it begins: at another host, or on another offer.</summary>
    public bool StaysAtSite => From.Site == To.Site;

    /// <summary>Whether it ends on another offer of the site where it begins.</summary>
    public bool IsRestart => To.IsOtherOfferThan(From);
}
