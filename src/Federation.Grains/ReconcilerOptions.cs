using System.ComponentModel.DataAnnotations;

namespace Federation.Grains;

/// <summary>How often the service compares what ledgers, hypervisors and applications say.</summary>
public sealed class ReconcilerOptions
{
    /// <summary>How long after one look the next is taken. Default 10 minutes; from a minute to a day.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan Every { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How long a finding has to last, from one look to another, before it is repaired: longer than any step of a change, a plan or a migration
    /// may take to be written. Default 2 minutes; from a second to a day.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan Settle { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Whether looks on the schedule repair; otherwise they only tell, in events. Default true.</summary>
    public bool Repairs { get; set; } = true;
}
