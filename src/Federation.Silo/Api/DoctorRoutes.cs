using Federation.Api;
using Federation.Contracts;
using Federation.Domain.Reconciling;
using Federation.Silo.Access;

namespace Federation.Silo.Api;

/// <summary>Looks whether ledgers, hypervisors, applications and VMs say the same, and repairs what is provably orphaned.</summary>
internal static class DoctorRoutes
{
    public static void MapDoctor(this IEndpointRouteBuilder v1) =>
        v1.MapPost("/doctor", Look).WithName("Doctor").Produces<DoctorDocument>().OpenTo()
            .WithDescription("Compares what ledgers, hypervisors, applications and VMs say. With repair=true, repairs what two looks have found that are long enough apart.");

    private static async Task<DoctorDocument> Look(bool? repair, IGrainFactory grains)
    {
        var report = await grains.Reconciler().Look(repair ?? false);
        return new(report.At, [.. report.Findings.Select(LineOf)], report.Settle.TotalSeconds);
    }

    private static DoctorDocument.Line LineOf(ReportedFinding reported)
    {
        var finding = reported.Finding;
        var fate = reported.Fate.ToString();
        return new(
            finding.Kind,
            finding.Application?.Tenant.Value,
            finding.Application?.Name,
            finding.Vm?.Value,
            (finding.Site ?? finding.At?.Site)?.Value,
            FindingText.Of(finding),
            FindingText.Remedy(finding),
            reported.Since,
            char.ToLowerInvariant(fate[0]) + fate[1..]);
    }
}
