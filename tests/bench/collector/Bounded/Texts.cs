using System.Globalization;
using System.Text;

namespace Federation.Collector.Bench.Bounded;

/// <summary>An application of the load: VMs of 2 vCPUs, alike.</summary>
/// <param name="Tenant">Its tenant.</param>
/// <param name="Name">Its name.</param>
/// <param name="Vms">How many VMs it has, below 255.</param>
/// <param name="Net">The first two bytes of its addresses.</param>
/// <param name="Site">
/// The number of the site at which its VMs run; null: they run nowhere yet, all talk with all, and of every three each has to be at a site of its
/// own, so that no solver is soon done with it.
/// </param>
internal sealed record LoadedApplication(string Tenant, string Name, int Vms, int Net, int? Site)
{
    /// <summary>As sensors name it.</summary>
    public string Key => $"{Tenant}/{Name}.1";

    /// <summary>Its file.</summary>
    public string File => string.Create(CultureInfo.InvariantCulture, $$"""
        application: {{Name}}
        tenant: {{Tenant}}
        objective: cost
        remaining: 20h
        vms: { count: {{Vms}}, prefix: vm, firstAddress: {{AddressOf(0)}}, vcpus: 2, memory: 4GiB, dirtyRate: 20MB/s{{At}} }
        {{Apart}}
        """);

    /// <summary>The address of one of its VMs, counted from 0.</summary>
    public string AddressOf(int vm) => string.Create(CultureInfo.InvariantCulture, $"10.{Net / 256}.{Net % 256}.{vm + 1}");

    private string Apart => Site is not null ? "" : $"apart: [{string.Join(", ", Enumerable.Range(0, Vms / 3).Select(set =>
        string.Create(CultureInfo.InvariantCulture, $"[vm{(3 * set) + 1}, vm{(3 * set) + 2}, vm{(3 * set) + 3}]")))}]";

    private string At => Site is { } site ? string.Create(CultureInfo.InvariantCulture, $", at: {{ site: site{site}, offer: std-2 }}") : "";
}

/// <summary>Site files.</summary>
internal static class SiteTexts
{
    public const int Sites = 3;

    /// <summary>A site that everybody may come to, with three offers; a larger one costs in proportion.</summary>
    public static string Of(int number, double price) => string.Create(CultureInfo.InvariantCulture, $$"""
        site: site{{number}}
        kind: cloud
        currency: USD
        offers:
          - { name: std-2, vcpus: 2, memory: 4GiB, price: {{price:0.#####}} }
          - { name: std-4, vcpus: 4, memory: 8GiB, price: {{2 * price:0.#####}} }
          - { name: std-8, vcpus: 8, memory: 16GiB, price: {{4 * price:0.#####}} }
        {{Links(number)}}
        """);

    /// <summary>The same site with very many offers.</summary>
    public static string WithOffers(int number, int offers)
    {
        var text = new StringBuilder(60 * offers).Append(CultureInfo.InvariantCulture, $"site: site{number}\nkind: cloud\ncurrency: USD\noffers:\n");
        for (var offer = 0; offer < offers; offer++)
        {
            text.Append(CultureInfo.InvariantCulture, $"  - {{ name: std-{offer}, vcpus: 2, memory: 4GiB, price: 0.1 }}\n");
        }

        return text.Append(Links(number)).Append('\n').ToString();
    }

    private static string Links(int number) => $$"""
        network: { latency: 0.1ms, bandwidth: 10Gbps, internetEgressPerGB: 0.09 }
        links: { {{string.Join(", ", Enumerable.Range(0, Sites).Where(other => other != number).Select(other =>
            $"site{other}: {{ latency: 10ms, bandwidth: 5Gbps, egressPerGB: 0.02 }}"))}} }
        """;
}
