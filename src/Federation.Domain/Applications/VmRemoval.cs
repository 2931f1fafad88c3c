using System.Collections.Immutable;
using Federation.Domain.Identity;
using Federation.Domain.Refusals;

namespace Federation.Domain.Applications;

/// <summary>An application's description without one of its VMs. Compared by reference.</summary>
/// <param name="Next">The description; null: the VM cannot be taken out.</param>
/// <param name="Refusal">Why it cannot; null: it can.</param>
/// <param name="Rules">Each rule of affinity that was changed or dropped, for people; empty: none named the VM.</param>
public sealed record VmRemoval(Application? Next, Refusal? Refusal, ImmutableArray<string> Rules)
{
    /// <summary>Takes a VM out. A rule that names it goes on for those that are left; one that is left with a single VM says nothing, and is dropped.</summary>
    /// <remarks>VMs that had to be spread over more sites than are left of them each get a site of their own.</remarks>
    public static VmRemoval Of(Application application, VmId vm)
    {
        if (application.Vms.All(spec => spec.Id != vm))
        {
            return new(null, Refusal.VmUnknown(application.Id, vm), []);
        }

        if (application.Vms.Length == 1)
        {
            return new(null, Refusal.LastVm(application.Id, vm), []);
        }

        var rules = ImmutableArray.CreateBuilder<string>();
        var together = application.Together.Select(set => Without(set, vm, "together", rules)).Where(set => set.Length > 1);
        var apart = application.Apart.Select(rule => Without(rule, vm, rules)).Where(rule => rule.Vms.Length > 1);
        var prefer = application.Prefer.Where(preference => preference.Vms is not [var only] || only != vm).Select(preference => preference with { Vms = preference.Vms.Remove(vm) });
        return new(
            application with { Prefer = [.. prefer], Vms = application.Vms.RemoveAll(spec => spec.Id == vm), Together = [.. together], Apart = [.. apart] }, null, rules.ToImmutable());
    }

    private static ImmutableArray<VmId> Without(ImmutableArray<VmId> vms, VmId vm, string rule, ImmutableArray<string>.Builder rules)
    {
        var left = vms.Remove(vm);
        if (left.Length < vms.Length)
        {
            rules.Add(left.Length < 2 ? $"{rule} ({string.Join(", ", vms)}) is dropped" : $"{rule} ({string.Join(", ", vms)}) is for {string.Join(", ", left)} now");
        }

        return left;
    }

    private static Spread Without(Spread rule, VmId vm, ImmutableArray<string>.Builder rules)
    {
        var left = Without(rule.Vms, vm, "apart", rules);
        // What follows from how many may be at one site follows anew.
        var sites = rule.MostAtOne is { } most && rule.Sites == Spread.SitesFor(rule.Vms.Length, most) ? Spread.SitesFor(left.Length, most) : rule.Sites;
        return left.Length < rule.Vms.Length ? rule with { Vms = left, Sites = Math.Min(sites, left.Length) } : rule;
    }
}

/// <summary>A VM that stops once the description without it is in force.</summary>
/// <param name="Vm">The VM.</param>
/// <param name="At">Where it runs: its place there is given back; null: it runs nowhere.</param>
public sealed record RemovedVm(VmId Vm, Location? At);
