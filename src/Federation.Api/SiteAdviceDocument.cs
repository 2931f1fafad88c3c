using System.Text.Json.Serialization;
using Federation.Domain.Refusals;

namespace Federation.Api;

/// <summary>Which hosts of a site could be emptied, and how.</summary>
/// <param name="Site">The site.</param>
/// <param name="HostsInUse">How many of its hosts have VMs now.</param>
/// <param name="Bound">How many have to have some at least, whatever moves from host to host of the site.</param>
/// <param name="IsProven">Whether moves from host to host of the site can empty no more.</param>
/// <param name="Emptied">The hosts that would be empty, by name.</param>
/// <param name="WattsSaved">What is saved once they are switched off, W; null: the site's file does not say what a host takes at rest.</param>
/// <param name="Moves">What moves for that, by application and VM.</param>
/// <param name="Held">The hosts that would not be empty, with what holds them.</param>
/// <param name="Plans">The plans that were asked for, one for each application of which something moves; empty: none was.</param>
/// <param name="NotProposed">The applications for which none could be asked for.</param>
public sealed record SiteAdviceDocument(
    string Site, int HostsInUse, int Bound, bool IsProven, string[] Emptied, double? WattsSaved, AdvisedMoveDocument[] Moves, HeldHostDocument[] Held, string[] Plans,
    NotProposedDocument[] NotProposed);

/// <summary>A move that is advised.</summary>
/// <param name="Application">Whose VM it is.</param>
/// <param name="Vm">The VM.</param>
/// <param name="From">The host that it leaves.</param>
/// <param name="ToHost">The host of the same site where it goes; not there where it leaves the site.</param>
/// <param name="ToSite">The site where it goes; not there where it stays at its own.</param>
/// <param name="ToOffer">The offer there.</param>
/// <param name="IsCold">Whether it is stopped, copied and started anew.</param>
/// <param name="Bytes">What the move sends.</param>
/// <param name="Duration">How long it takes, seconds.</param>
/// <param name="Downtime">How long the VM stands still, seconds.</param>
public sealed record AdvisedMoveDocument(
    string Application, string Vm, string From, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ToHost,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ToSite, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ToOffer,
    bool IsCold, double Bytes, double Duration, double Downtime);

/// <summary>A host that would not be empty.</summary>
/// <param name="Host">Its name.</param>
/// <param name="State">ready, cordoned, draining, lost or fenced; of the last three an advice takes nothing away.</param>
/// <param name="Why">What holds its VMs: those that have to stay, or the largest that finds no place.</param>
public sealed record HeldHostDocument(string Host, string State, HeldHostDocument.Vm[] Why)
{
    /// <summary>One VM.</summary>
    /// <param name="Application">Its application.</param>
    /// <param name="Name">Its name.</param>
    /// <param name="Reason">What holds it, for people.</param>
    /// <param name="Code">What holds it, for programs.</param>
    public sealed record Vm(string Application, string Name, string Reason, RefusalCode Code);
}

/// <summary>An application for which no plan could be asked for.</summary>
/// <param name="Application">The application.</param>
/// <param name="Reason">Why, for people.</param>
/// <param name="Code">Why, for programs.</param>
public sealed record NotProposedDocument(string Application, string Reason, RefusalCode Code);
