using System.ComponentModel.DataAnnotations;

namespace Federation.Grains.Solving;

/// <summary>How much one silo solves at once, and how much may wait for it.</summary>
public sealed class SolvingOptions
{
    /// <summary>Solves that are at work at once on this silo, one thread each. Default 0: one less than it has processors, and at least one.</summary>
    [Range(0, 256)]
    public int Workers { get; set; }

    /// <summary>Plans that one tenant may have waiting on this silo; one more is refused for a while (429). Default 16.</summary>
    [Range(1, 1_000)]
    public int WaitingPerTenant { get; set; } = 16;

    /// <summary>Plans of all tenants that may wait on this silo; one more is refused for a while (429). Default 256.</summary>
    [Range(1, 100_000)]
    public int Waiting { get; set; } = 256;

    /// <summary>Applications that may wait for a look of the service's own on this silo; one more is looked at later. Default 20,000.</summary>
    [Range(1, 1_000_000)]
    public int WaitingAutomatic { get; set; } = 20_000;

    /// <summary>
    /// How long a solve keeps its worker while another tenant waits of whom nothing is being solved; then it goes on behind all others.
    /// Default 0.5 s; from 0.01 s to a minute.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan Slice { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Solves that may go on behind the workers at once. Default 8; 0: each keeps its worker until it has ended.</summary>
    [Range(0, 64)]
    public int Behind { get; set; } = 8;

    /// <summary>How many workers there are on a machine of so many processors.</summary>
    public int WorkersOf(int processors) => Workers > 0 ? Workers : Math.Max(1, processors - 1);
}
