using System.Collections.Immutable;
using Federation.Domain.Identity;

namespace Federation.Domain.Traffic;

/// <summary>Turns what is known of a period's windows into an answer of the form that was asked for.</summary>
internal static class AnswerAssembly
{
    /// <param name="form">The form.</param>
    /// <param name="windows">The period's windows, oldest first; at least one has figures.</param>
    /// <param name="owner">Whose address it is; null if it is outside.</param>
    /// <param name="endpoint">Which endpoint's address it is; null: there are none.</param>
    public static TrafficAnswer Assemble(AnswerForm form, ImmutableArray<WindowFigures> windows, Func<Address, VmId?> owner, Func<Address, string?>? endpoint)
    {
        ImmutableArray<AnsweredMatrix> matrices = form switch
        {
            AnswerForm.Weighted { Coefficient: var coefficient } => [new(null, Weighted(windows, owner, endpoint, coefficient))],
            AnswerForm.Mean => [new(null, Weighted(windows, owner, endpoint, 1))],
            _ => [.. windows.Where(window => window.HasFigures).Select(window => Detailed(window, owner, endpoint))],
        };
        return new(matrices, [.. windows.Select(window => window.Completeness)]);
    }

    private static AnsweredMatrix Detailed(WindowFigures window, Func<Address, VmId?> owner, Func<Address, string?>? endpoint)
    {
        var builder = new TrafficMatrixBuilder(endpoint);
        foreach (var vm in window.Vms)
        {
            vm.AddTo(builder, owner, 1);
        }

        return new(window.Window, builder.Build(Window.Length));
    }

    // Every figure has been counted by one VM's sensor, the receiver's or, for traffic to the outside, the sender's. It is
    // weighed over the windows of which that VM is known, so that silence does not count as zero.
    private static TrafficMatrix Weighted(ImmutableArray<WindowFigures> windows, Func<Address, VmId?> owner, Func<Address, string?>? endpoint, double coefficient)
    {
        var builder = new TrafficMatrixBuilder(endpoint);
        var totalWeights = new Dictionary<VmId, double>();
        for (var i = 0; i < windows[0].Vms.Length; i++)
        {
            var known = windows.Where(window => !window.Vms[i].IsSilent).ToList();
            totalWeights[windows[0].Vms[i].Vm] = AddWeighted(builder, known, i, owner, coefficient);
        }

        return builder.Build(Window.Length, vm => totalWeights[vm]);
    }

    private static double AddWeighted(
        TrafficMatrixBuilder builder, List<WindowFigures> known, int vm, Func<Address, VmId?> owner, double coefficient)
    {
        var total = 0.0;
        foreach (var window in known)
        {
            // Counted from the heaviest window, the powers of a long period end in 0 and never in infinity.
            var heaviest = coefficient >= 1 ? known[^1] : known[0];
            var weight = Math.Pow(coefficient, window.Window.WindowsSince(heaviest.Window));
            window.Vms[vm].AddTo(builder, owner, weight);
            total += weight;
        }

        return total;
    }
}
