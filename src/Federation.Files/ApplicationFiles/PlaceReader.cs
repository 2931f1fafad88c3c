using System.Collections.Immutable;
using Federation.Domain.Identity;
using Federation.Domain.Sites;
using Federation.Yaml.Scalars;
using Federation.Yaml.Shapes;

namespace Federation.Files.ApplicationFiles;

/// <summary>Reads where a VM is and may be, and holds it against the federation where that is known.</summary>
/// <param name="federation">The sites; null: not known, so that any name will do.</param>
internal sealed class PlaceReader(IReadOnlyDictionary<SiteId, Site>? federation)
{
    /// <summary>The sites of the federation; null: not known.</summary>
    public ImmutableSortedSet<SiteId>? Sites { get; } = federation?.Keys.ToImmutableSortedSet();

    /// <summary>Where a VM runs; null if it does not say.</summary>
    public Location? ReadAt(Section vm)
    {
        if (vm.Inner("at", ApplicationShapes.At) is not { } at)
        {
            return null;
        }

        var location = new Location(at.Read("site", Names.Site, default), at.Read("offer", Names.Label, ""));
        if (at.Find("site") is { } site && location.Site != default && CheckSite(location.Site, site) is { } known
            && at.Find("offer") is { } offer && location.Offer.Length > 0 && known.OfferNamed(location.Offer) is null)
        {
            offer.Refuse($"is no offer of site {known.Id}",
                Nearest.Advice(location.Offer, known.Offers.Select(known => known.Name)));
        }

        return location;
    }

    /// <summary>The site that something is at which stays there.</summary>
    public SiteId ReadSite(Section placed)
    {
        var site = placed.Read("site", Names.Site, default);
        if (site != default && placed.Find("site") is { } named)
        {
            CheckSite(site, named);
        }

        return site;
    }

    /// <summary>The sites that a VM may be at; null: any.</summary>
    public ImmutableSortedSet<SiteId>? ReadSites(Section vm) => ReadSites(vm, "sites", "leave it out if the VM may be anywhere");

    /// <summary>The sites where VMs would be; empty where one of them cannot be read.</summary>
    public ImmutableSortedSet<SiteId> ReadPreferred(Section preference) => ReadSites(preference, "sites", "name the sites where they would be, such as [rennes]") ?? [];

    /// <summary>The sites that an application leaves out; not all that there are.</summary>
    public ImmutableSortedSet<SiteId> ReadWithout(Section file)
    {
        var without = ReadSites(file, "without", "leave it out if no site is left out") ?? [];
        if (Sites is { IsEmpty: false } all && all.IsSubsetOf(without))
        {
            file.Refuse("without", "leaves out every site of this federation", "leave one in, or describe more sites");
        }

        return without;
    }

    // Null: the key is left out, or one of them cannot be read.
    private ImmutableSortedSet<SiteId>? ReadSites(Section section, string key, string instead)
    {
        section.RefuseEmpty(key, instead);
        if (section.Find(key) is not { } list)
        {
            return null;
        }

        var sites = ImmutableSortedSet.CreateBuilder<SiteId>();
        var areAll = true;
        foreach (var item in list.Items().TakeWhile(_ => !list.Report.IsFull))
        {
            if (item.Read(Names.Site, default) is { Value: not null } site)
            {
                CheckSite(site, item);
                sites.Add(site);
            }
            else
            {
                areAll = false;
            }
        }

        // Where one cannot be read, what follows of the others does not hold.
        return areAll ? sites.ToImmutable() : null;
    }

    private Site? CheckSite(SiteId id, Element named)
    {
        if (federation is null)
        {
            return null;
        }

        if (federation.TryGetValue(id, out var site))
        {
            return site;
        }

        named.Refuse("is no site of this federation", federation.Count == 0
            ? "describe the site first"
            : Nearest.Advice(id.Value, federation.Keys.Select(known => known.Value)));
        return null;
    }
}
