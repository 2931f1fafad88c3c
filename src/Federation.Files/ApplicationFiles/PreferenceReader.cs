using System.Collections.Immutable;
using Federation.Domain.Applications;
using Federation.Domain.Identity;
using Federation.Yaml.Scalars;
using Federation.Yaml.Shapes;

namespace Federation.Files.ApplicationFiles;

/// <summary>Reads where an application would have its VMs.</summary>
/// <param name="vms">The application's VMs.</param>
/// <param name="places">Knows the sites, where they are known.</param>
/// <param name="without">The sites that the application leaves out.</param>
internal sealed class PreferenceReader(ImmutableArray<VmSpec> vms, PlaceReader places, ImmutableSortedSet<SiteId> without)
{
    private readonly VmNameReader names = new(vms);

    /// <summary>All of them, in the file's order.</summary>
    public ImmutableArray<Preference> Read(Section file)
    {
        file.RefuseEmpty("prefer", "leave it out if VMs may as well be anywhere");
        return [.. file.Sections("prefer", ApplicationShapes.Preference).Select(ReadOne)];
    }

    private Preference ReadOne(Section preference)
    {
        var sites = places.ReadPreferred(preference);
        if (!sites.IsEmpty && sites.IsSubsetOf(without))
        {
            preference.Refuse("sites", "names sites only that the application leaves out", "name one that its VMs may be at, or take it out of 'without'");
        }

        return new(ReadVms(preference), sites, preference.Read("pricePerHour", Numbers.Money, 0));
    }

    private ImmutableArray<VmId> ReadVms(Section preference)
    {
        preference.RefuseEmpty("vms", "leave it out if it is said of all VMs");
        return preference.Find("vms") is { } list ? names.Read(list, list.Items()) : [];
    }
}
