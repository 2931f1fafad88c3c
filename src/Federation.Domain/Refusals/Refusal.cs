using System.Text.Json.Serialization;
using Federation.Domain.Identity;

namespace Federation.Domain.Refusals;

/// <summary>A no and what it rests on. A value: equal to another with the same code and arguments.</summary>
/// <remarks>
/// Programs look at the code, the kind and the arguments. People get the sentence of <see cref="RefusalText"/>, made at the edge and never compared.
/// </remarks>
/// <param name="Code">What it is about.</param>
/// <param name="Arguments">The names and figures; which of them there are depends on the code.</param>
public sealed partial record Refusal(RefusalCode Code, RefusalArguments Arguments)
{
    /// <summary>What can turn it into a yes; where it has a cause, the same as of that.</summary>
    [JsonIgnore]
    public RefusalKind Kind => Arguments.Cause?.Kind ?? Code.Kind();

    /// <summary>What it comes from in the end: its cause's cause, and so on; itself if it has none.</summary>
    [JsonIgnore]
    public Refusal Root => Arguments.Cause?.Root ?? this;

    /// <summary>The same, said of a VM that has its place already and could not come any more.</summary>
    public Refusal OfOccupant() => this with { Arguments = Arguments with { Occupies = true } };

    /// <summary>The same, holding for so many of an application's VMs; for all of them: with all of them at one site.</summary>
    public Refusal For(int vms, int among) => this with { Arguments = Arguments with { Affected = vms, Among = among } };

    /// <summary>The sentence of <see cref="RefusalText"/>.</summary>
    public override string ToString() => RefusalText.Of(this);
}

/// <summary>The names and figures of a refusal. What a code has no use for is null and is not written.</summary>
public sealed record RefusalArguments
{
    /// <summary>The site that refuses, or where the VM leaves.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SiteId? Site { get; init; }

    /// <summary>The site where the VM would go.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SiteId? To { get; init; }

    /// <summary>The offer at <see cref="Site"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Offer { get; init; }

    /// <summary>The tenant.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TenantId? Tenant { get; init; }

    /// <summary>The application.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public AppId? Application { get; init; }

    /// <summary>The VM, of <see cref="Application"/> where that is given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public VmId? Vm { get; init; }

    /// <summary>The VM that <see cref="Vm"/> talks with.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public VmId? Other { get; init; }

    /// <summary>How much there is or may be, in the code's unit: vCPUs, bytes, VMs, core-hours, seconds, currency, windows.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)]
    public double? Limit { get; init; }

    /// <summary>How much would be needed, or is in use by an occupant, in the unit of <see cref="Limit"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)]
    public double? Needed { get; init; }

    /// <summary>When.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? At { get; init; }

    /// <summary>Residency tags, VMs or windows, as the code has it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public NameList? Names { get; init; }

    /// <summary>Several sites.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public NameList? Sites { get; init; }

    /// <summary>The plan, as people write it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Plan { get; init; }

    /// <summary>The reservation.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reservation { get; init; }

    /// <summary>The caller who decided so.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? By { get; init; }

    /// <summary>The sensor.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Sensor { get; init; }

    /// <summary>The host of <see cref="Sensor"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Host { get; init; }

    /// <summary>The currency of the site, the words of a hypervisor, or a window.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Detail { get; init; }

    /// <summary>The federation's currency, or the plan that is newer.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Instead { get; init; }

    /// <summary>Whether it is said of a VM that has its place already; null: of one that wants a place.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Occupies { get; init; }

    /// <summary>For how many VMs it holds; null: that was not counted.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Affected { get; init; }

    /// <summary>Out of how many.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Among { get; init; }

    /// <summary>The refusal that led to this one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Refusal? Cause { get; init; }
}
