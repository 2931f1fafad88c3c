namespace Federation.Domain.Identity;

/// <summary>A VM's name, unique within its application; ordered as people read it (vm2 before vm10).</summary>
/// <param name="Value">The name as the application file writes it; for an offline capture the VM's address.</param>
public readonly record struct VmId(string Value) : IComparable<VmId>
{
    /// <inheritdoc/>
    public int CompareTo(VmId other) => NaturalOrder.Compare(Value, other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>A site's name, unique in the federation; the same as its file's name.</summary>
/// <param name="Value">Lower-case letters, digits and dashes.</param>
public readonly record struct SiteId(string Value) : IComparable<SiteId>
{
    /// <inheritdoc/>
    public int CompareTo(SiteId other) => NaturalOrder.Compare(Value, other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>Who owns an application and uses up quotas.</summary>
/// <param name="Value">The tenant's name; "*" stands for any tenant in a site's file and is no tenant itself.</param>
public readonly record struct TenantId(string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>Where a VM runs, as far as prices go: a site and one of its offers.</summary>
/// <param name="Site">The site.</param>
/// <param name="Offer">The name of one of the site's offers.</param>
public readonly record struct Location(SiteId Site, string Offer) : IComparable<Location>
{
    /// <summary>Whether both are at one site, on different offers: a VM gets from the one to the other by a restart.</summary>
    public bool IsOtherOfferThan(Location other) => Site == other.Site && Offer != other.Offer;

    /// <summary>By site, then by offer.</summary>
    public int CompareTo(Location other)
    {
        var bySite = Site.CompareTo(other.Site);
        return bySite != 0 ? bySite : NaturalOrder.Compare(Offer, other.Offer);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Site}/{Offer}";
}
