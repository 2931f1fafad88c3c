using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Federation.Actuation.Qemu;
using Federation.Domain.Hosts;

namespace Federation.Host.Networks;

/// <summary>Shares what a host can send to others evenly among its VMs' taps, and the host itself as one more. What one does not use the others have. For one thread.</summary>
/// <remarks>
/// A class of the hierarchical token bucket for each tap, each with the same quantum: what they borrow of the whole is shared in turns. nftables writes a tap's
/// class to what it sends, and the encapsulation keeps it. Source: tc-htb(8).
/// </remarks>
/// <param name="programs">Tells the kernel.</param>
/// <param name="view">Knows the devices.</param>
/// <param name="address">The host's address: what the interface that has it sends is shared.</param>
/// <param name="bytesPerSecond">How much that is.</param>
internal sealed class TapShares(HostPrograms programs, DeviceView view, Domain.Identity.Address address, double bytesPerSecond)
{
    private const string Root = "fed:";
    private const string Whole = "fed:ffff";
    private const string Others = "fed:1";
    private const int First = 0x10;

    private Dictionary<string, string>? classes;
    private string device = "";

    /// <summary>Every one of these taps has its share, and no other.</summary>
    /// <exception cref="DriverException">The kernel cannot.</exception>
    public async Task Apply(IReadOnlyCollection<string> taps, CancellationToken cancel)
    {
        classes ??= await Begin(cancel);
        var (gone, missing) = (classes.Where(share => !taps.Contains(share.Key)).ToList(), taps.Where(tap => !classes.ContainsKey(tap)).ToList());
        if (gone.Count + missing.Count == 0)
        {
            return;
        }

        var known = classes;
        classes = null;
        foreach (var (tap, _) in gone)
        {
            known.Remove(tap);
        }

        foreach (var tap in missing)
        {
            known[tap] = Free(known.Values);
        }

        await programs.Filter(gone.Select(share => $"delete element bridge {FilterRuleset.Table} {FilterRuleset.Shares} {{ \"{share.Key}\" }}"), cancel);
        await programs.Batch("tc", [], [.. gone.Select(share => $"class del dev {device} classid {share.Value}"), .. missing.Select(tap => Class(known[tap], bytesPerSecond / 1000))], cancel);
        await programs.Filter(missing.Select(tap => $"add element bridge {FilterRuleset.Table} {FilterRuleset.Shares} {{ \"{tap}\" : {known[tap]} }}"), cancel);
        classes = known;
    }

    /// <summary>Something else may have changed them: they are looked at before the next change.</summary>
    public void Doubt() => classes = null;

    // What is there of an earlier run stays.
    private async Task<Dictionary<string, string>> Begin(CancellationToken cancel)
    {
        device = await view.DeviceOf(address, cancel);
        using var disciplines = JsonDocument.Parse(await programs.Do(["tc", "-j", "qdisc", "show", "dev", device, "root"], cancel));
        var isThere = disciplines.RootElement.EnumerateArray().Any(each => each.TryGetProperty("handle", out var handle) && handle.GetString() == Root);
        var shares = isThere ? await view.Shares(cancel) : new Dictionary<string, string>();
        await programs.Filter(isThere ? [] : [$"flush map bridge {FilterRuleset.Table} {FilterRuleset.Shares}"], cancel);
        await programs.Batch("tc", [],
        [
            .. isThere ? Array.Empty<string>() : [$"qdisc replace dev {device} root handle {Root} htb default 1"],
            $"class replace dev {device} parent {Root} classid {Whole} htb {Rates(bytesPerSecond)}",
            Class(Others, bytesPerSecond / 10),
            .. shares.Values.Select(share => Class(share, bytesPerSecond / 1000)),
        ], cancel);
        return shares;
    }

    private string Class(string id, double certain) => $"class replace dev {device} parent {Whole} classid {id} htb {Rates(certain)} quantum 15140";

    private string Rates(double certain) => string.Create(
        CultureInfo.InvariantCulture, $"rate {Math.Max(1000, certain):0}bps ceil {bytesPerSecond:0}bps burst 64kb cburst {Math.Max(65_536, bytesPerSecond / 1000):0}b");

    private static string Free(IEnumerable<string> taken)
    {
        var used = taken.ToHashSet();
        return Enumerable.Range(First, 0xfff0 - First).Select(number => $"{Root}{number:x}").First(each => !used.Contains(each));
    }
}
