using System.Collections.Immutable;
using Federation.Domain.Identity;

namespace Federation.Domain.Traffic;

/// <summary>What is known of one window.</summary>
/// <param name="Window">The window.</param>
/// <param name="Vms">Every VM of the application, in order.</param>
internal sealed record WindowFigures(Window Window, ImmutableArray<VmFigures> Vms)
{
    /// <summary>Whether anything is known of any VM.</summary>
    public bool HasFigures => Vms.Any(vm => !vm.IsSilent);

    /// <summary>What is missing.</summary>
    public WindowCompleteness Completeness => new(
        Window,
        Silent: VmsWhere(vm => vm.IsSilent),
        Partial: VmsWhere(vm => vm.Counted is { IsPartial: true }),
        Approximated: VmsWhere(vm => vm.EstimatedFrom is not null),
        HasFigures)
    {
        Inexact = VmsWhere(vm => vm.Counted is { Dropped: > 0 } or { Merged: > 1 }),
        Doubled = VmsWhere(vm => vm.Counted is { IsDoubled: true }),
    };

    /// <summary>Collects what is known of a window; what an open one lacks is estimated from the window before it.</summary>
    public static WindowFigures Of(Window window, ReportTable reports, bool isOpen) =>
        new(window, [.. reports.Vms.Select(vm => VmFigures.Of(vm, window, reports, isOpen))]);

    private ImmutableArray<VmId> VmsWhere(Func<VmFigures, bool> condition) => [.. Vms.Where(condition).Select(vm => vm.Vm)];
}

/// <summary>What is known of one VM in one window.</summary>
/// <param name="Vm">The VM.</param>
/// <param name="Counted">What its sensor counted; null if it has not reported.</param>
/// <param name="EstimatedFrom">The report of the window before, if the part that is missing is estimated from it.</param>
internal readonly record struct VmFigures(VmId Vm, WindowReport? Counted, WindowReport? EstimatedFrom)
{
    /// <summary>Whether nothing is known.</summary>
    public bool IsSilent => Counted is null && EstimatedFrom is null;

    // The share of the window that nobody watched.
    private double Missing => (Window.Length - (Counted?.Covered ?? TimeSpan.Zero)) / Window.Length;

    public static VmFigures Of(VmId vm, Window window, ReportTable reports, bool isOpen)
    {
        var counted = reports.Find(vm, window);
        var lacks = isOpen && counted is null or { IsPartial: true };
        return new(vm, counted, lacks ? reports.Find(vm, window.Previous) : null);
    }

    /// <summary>Adds the figures: what was counted, and for the rest of the window what the one before it had on average.</summary>
    public void AddTo(TrafficMatrixBuilder builder, Func<Address, VmId?> owner, double weight)
    {
        if (Counted is not null)
        {
            builder.Add(Counted, owner, weight);
        }

        if (EstimatedFrom is not null)
        {
            builder.Add(EstimatedFrom, owner, weight * Missing);
        }
    }
}
