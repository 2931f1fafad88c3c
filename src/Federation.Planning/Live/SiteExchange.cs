using Federation.Domain.Estimation;
using Federation.Planning.Model;

namespace Federation.Planning.Live;

/// <summary>What one VM exchanges with each site, as its peers are placed now: what all terms of a move are made from.</summary>
internal sealed class SiteExchange(int width)
{
    private readonly int[] seen = new int[width];
    private readonly int[] touched = new int[width];
    private int reading;
    private int count;

    /// <summary>The sites with which anything is exchanged.</summary>
    public ReadOnlySpan<int> Sites => touched.AsSpan(0, count);

    /// <summary>Whether anything is exchanged with a site; the figures of others are meaningless.</summary>
    public bool Has(int site) => seen[site] == reading;

    /// <summary>Bytes per second to each site.</summary>
    public double[] SentBytes { get; } = new double[width];

    /// <summary>Bytes per second from each site.</summary>
    public double[] ReceivedBytes { get; } = new double[width];

    /// <summary>Waits per second for each site.</summary>
    public double[] ReceivedWaits { get; } = new double[width];

    /// <summary>Flows to each site.</summary>
    public int[] FlowsTo { get; } = new int[width];

    /// <summary>Flows from each site.</summary>
    public int[] FlowsFrom { get; } = new int[width];

    /// <summary>Reads a VM's exchanges, with endpoints as with peers that stay where they are. O(degree).</summary>
    public void Read(ReadOnlySpan<Edge> edges, ReadOnlySpan<EndpointFlow> endpoints, int[] siteOf)
    {
        reading++;
        count = 0;
        foreach (ref readonly var edge in edges)
        {
            var site = siteOf[edge.Vm];
            Touch(site);
            SentBytes[site] += edge.Sent.Bytes;
            ReceivedBytes[site] += edge.Received.Bytes;
            ReceivedWaits[site] += edge.Received.Waits;
            FlowsTo[site] += edge.Sends ? 1 : 0;
            FlowsFrom[site] += edge.Receives ? 1 : 0;
        }

        foreach (ref readonly var flow in endpoints)
        {
            Touch(flow.Site);
            SentBytes[flow.Site] += flow.Sent.BytesPerSecond;
            ReceivedBytes[flow.Site] += flow.Received.BytesPerSecond;
            ReceivedWaits[flow.Site] += flow.Received.WaitsPerSecond;
        }
    }

    private void Touch(int site)
    {
        if (seen[site] != reading)
        {
            seen[site] = reading;
            touched[count++] = site;
            (SentBytes[site], ReceivedBytes[site], ReceivedWaits[site], FlowsTo[site], FlowsFrom[site]) = (0, 0, 0, 0, 0);
        }
    }
}
