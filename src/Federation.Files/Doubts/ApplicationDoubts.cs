using System.Collections.Immutable;
using Federation.Domain.Applications;
using Federation.Domain.Sites;
using Federation.Files.ApplicationFiles;
using Federation.Yaml;
using Federation.Yaml.Quantities;
using Federation.Yaml.Scalars;

namespace Federation.Files.Doubts;

/// <summary>What an application says that is allowed and hardly meant.</summary>
internal static class ApplicationDoubts
{
    // Of very many kinds of VMs the first: what is worked out of a file stays quick.
    private const int MostKinds = 100;
    private const int MostVmsInSets = 1000;

    /// <summary>What is odd about an application by itself.</summary>
    public static IEnumerable<Warning> Alone(Application application)
    {
        if (application.Deadline is { } deadline && deadline < application.Remaining)
        {
            yield return new("deadline", Durations.Write(deadline), $"is under the remaining time of {Durations.Write(application.Remaining)}",
                "only faster offers could meet it; raise it, or leave it out if there is none");
        }
    }

    /// <summary>What of an application no site can give. VMs that are alike are told once.</summary>
    /// <param name="application">The application.</param>
    /// <param name="sites">All sites of the federation, at least one.</param>
    public static IEnumerable<Warning> Against(Application application, IReadOnlyCollection<Site> sites)
    {
        var admitting = sites.Where(site => site.Policy.Admits(application.Tenant)).ToList();
        if (admitting.Count == 0)
        {
            yield return new("tenant", application.Tenant.Value, "is admitted by no site", "ask a site's administrator to add it to policy.tenants");
            yield break;
        }

        admitting.RemoveAll(site => application.Without.Contains(site.Id));
        if (admitting.Count == 0)
        {
            yield return new("without", null, "leaves out every site that admits the tenant", "leave one of them in");
            yield break;
        }

        foreach (var image in Nowhere(application, sites))
        {
            yield return image;
        }

        foreach (var set in Sets(application, admitting))
        {
            yield return set;
        }

        var lists = new ListNumbers();
        foreach (var some in application.Vms.Select((vm, index) => (vm, index)).GroupBy(each => (each.vm.Vcpus, each.vm.MemoryBytes, lists.Of(each.vm.Residency), lists.Of(each.vm.Sites))).Take(MostKinds))
        {
            var (vm, index) = some.First();
            if (Against(vm, sites, admitting) is { } found)
            {
                var others = some.Count() - 1;
                yield return found with
                {
                    Key = $"vms[{index}].{found.Key}",
                    Problem = found.Problem + (others == 0 ? "" : $" (as of {others} more VM{(others == 1 ? "" : "s")})"),
                };
            }
        }
    }

    // Sets that the sites leave no room for which take each VM by itself. VMs that no site takes are told by themselves.
    private static IEnumerable<Warning> Sets(Application application, List<Site> admitting)
    {
        if ((application.Together.IsEmpty && application.Apart.IsEmpty) || application.Vms.Length > MostVmsInSets)
        {
            yield break;
        }

        var taking = application.Vms.Select(vm => vm with { Sites = [.. admitting.Where(site => Takes(site, vm)).Select(site => site.Id)] }).ToImmutableArray();
        var ids = admitting.Select(site => site.Id).ToImmutableSortedSet();
        var pieces = new Pieces(taking.RemoveAll(vm => vm.Sites!.IsEmpty), ids);
        foreach (var (index, set) in application.Together.Index())
        {
            if (!pieces.Join(set))
            {
                yield return new($"together[{index}]", null, "can be at no site: none that admits the tenant takes all of these VMs", "let their needs, residency and sites have one in common");
            }
        }

        foreach (var (index, spread) in application.Apart.Index())
        {
            if (pieces.SitesFor(spread) is var room && room < spread.Sites)
            {
                yield return new($"apart[{index}]", null, $"asks for {spread.Sites} sites, and those that take its VMs leave room for {room} at most",
                    $"write sites: {room} or less, or let more sites take these VMs");
            }
        }
    }

    private static bool Takes(Site site, VmSpec vm) => vm.Sites?.Contains(site.Id) != false && vm.Residency.IsSubsetOf(site.Policy.Residency)
        && site.Offers.Any(offer => offer.Vcpus >= vm.Vcpus && offer.MemoryBytes >= vm.MemoryBytes);

    private static IEnumerable<Warning> Nowhere(Application application, IReadOnlyCollection<Site> sites)
    {
        var copies = sites.SelectMany(site => site.Images).Select(copy => copy.Sha256).ToHashSet();
        return application.Images.Index().Where(image => image.Item.Sources.IsEmpty && !copies.Contains(image.Item.Sha256)).Select(image => new Warning(
            $"images[{image.Index}]", image.Item.Name, "has no sources, and no site has a copy of it", "write 'sources' here, or the image into a site's file"));
    }

    private static Warning? Against(VmSpec vm, IReadOnlyCollection<Site> sites, List<Site> admitting)
    {
        var unknown = (vm.Sites ?? []).Except(sites.Select(site => site.Id));
        if (!unknown.IsEmpty)
        {
            return new("sites", null, $"names {Nearest.Listed([.. unknown.Select(site => site.Value)])}, which is no site of this federation",
                $"{Nearest.Advice(unknown[0].Value, sites.Select(site => site.Id.Value))}; correct it, or describe the site");
        }

        var allowed = admitting.Where(site => vm.Sites?.Contains(site.Id) != false).ToList();
        if (allowed.Count == 0)
        {
            return new("sites", null, "names only sites that do not admit the tenant or are left out", $"those that do are {Nearest.Listed([.. admitting.Select(site => site.Id.Value)])}");
        }

        var resident = allowed.Where(site => vm.Residency.IsSubsetOf(site.Policy.Residency)).ToList();
        return resident.Count == 0
            ? new("residency", null, $"asks for {string.Join(", ", vm.Residency)}, which no site that {vm.Id} may be at offers together", Tags(allowed))
            : Size(vm, [.. resident.SelectMany(site => site.Offers)]);
    }

    private static string Tags(List<Site> sites) => sites.SelectMany(site => site.Policy.Residency).Distinct().Order(StringComparer.Ordinal).ToList() is { Count: > 0 } tags
        ? $"they offer {Nearest.Listed(tags)}"
        : "they offer none: leave it out, or add policy.residency to a site";

    private static Warning? Size(VmSpec vm, ImmutableArray<Offer> offers)
    {
        var (cores, memory) = (offers.Max(offer => offer.Vcpus), offers.Max(offer => offer.MemoryBytes));
        return cores < vm.Vcpus ? new("vcpus", $"{vm.Vcpus}", $"is more than any offer that {vm.Id} may take has", $"write {cores} or less, or describe a larger offer")
            : memory < vm.MemoryBytes ? new("memory", Sizes.Write(vm.MemoryBytes), $"is more than any offer that {vm.Id} may take has", $"write {Sizes.Write(memory)} or less, or describe a larger offer")
            : offers.Any(offer => offer.Vcpus >= vm.Vcpus && offer.MemoryBytes >= vm.MemoryBytes) ? null
            : new("memory", Sizes.Write(vm.MemoryBytes), $"and {vm.Vcpus} vCPUs are more than any one offer that {vm.Id} may take has", "write less of one of the two, or describe a larger offer");
    }

    // Numbers lists by what is in them. VMs of the short form have theirs in common: each is looked at once.
    private sealed class ListNumbers
    {
        private readonly Dictionary<object, int> byList = new(ReferenceEqualityComparer.Instance);
        private readonly Dictionary<string, int> byText = [];

        public int Of<T>(ImmutableSortedSet<T>? list)
        {
            if (list is null)
            {
                return -1;
            }

            if (!byList.TryGetValue(list, out var number))
            {
                var text = string.Join(',', list);
                number = byText.TryGetValue(text, out var known) ? known : byText[text] = byText.Count;
                byList[list] = number;
            }

            return number;
        }
    }
}
