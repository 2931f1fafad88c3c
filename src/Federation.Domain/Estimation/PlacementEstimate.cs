using System.Text.Json.Serialization;

namespace Federation.Domain.Estimation;

/// <summary>What a placement costs and how long the application runs under it, each term apart.</summary>
/// <param name="Hosting">The VMs' offers over the billed time, in currency.</param>
/// <param name="Traffic">Egress between sites and to the internet over the remaining time, in currency.</param>
/// <param name="Moving">The migrations' egress and the double hosting while they last, in currency.</param>
/// <param name="RunSeconds">T(p): the run time, without downtimes.</param>
/// <param name="DowntimeSeconds">The sum of the downtimes of the VMs that move, and of the run time that their moves lose besides.</param>
/// <param name="Utilization">vCPUs that the VMs need over vCPUs of the offers that they occupy, (0, 1].</param>
/// <param name="PaidVcpus">vCPUs of the offers that cost anything over the billed time.</param>
/// <param name="OccupiedVcpus">vCPUs of all the offers that the VMs occupy.</param>
/// <param name="SiteCount">How many sites are used.</param>
public readonly record struct PlacementEstimate(
    double Hosting,
    double Traffic,
    double Moving,
    double RunSeconds,
    double DowntimeSeconds,
    double Utilization,
    int PaidVcpus,
    int OccupiedVcpus,
    int SiteCount)
{
    /// <summary>What it counts that VMs are not where their application would have them, in currency: on no bill, and no part of <see cref="Cost"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double Preference { get; init; }

    /// <summary>Everything that is paid, in currency.</summary>
    public double Cost => Hosting + Traffic + Moving;

    /// <summary>What is paid, and what counts besides; in currency.</summary>
    [JsonIgnore]
    public double Weighed => Cost + Preference;

    /// <summary>time(p): the run time and the downtimes, in seconds.</summary>
    public double TimeSeconds => RunSeconds + DowntimeSeconds;
}

/// <summary>One VM's share of a bill, in currency.</summary>
/// <param name="Hosting">Its offer over the billed time.</param>
/// <param name="Traffic">What it sends to other sites and to the internet.</param>
/// <param name="Moving">Its migration; 0 if it stays.</param>
public readonly record struct VmBill(double Hosting, double Traffic, double Moving);
