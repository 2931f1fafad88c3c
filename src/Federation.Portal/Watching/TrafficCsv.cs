using System.Globalization;
using System.Text;

namespace Federation.Portal.Watching;

/// <summary>What a drawing of traffic shows, as a table for other programs: a line for each pair, rates a second.</summary>
public static class TrafficCsv
{
    /// <summary>Writes it; a cost that is not known is left empty.</summary>
    public static string Of(TrafficGraph graph, string currency)
    {
        var text = new StringBuilder();
        text.AppendLine("vm,other,site,other_site,bytes_per_second,packets_per_second,bytes_per_second_back,packets_per_second_back,cost_per_hour,currency");
        foreach (var edge in graph.Edges)
        {
            text.AppendLine(string.Create(CultureInfo.InvariantCulture,
                $"{edge.Source},{edge.Destination},{edge.From},{edge.To},{edge.There.Bytes},{edge.There.Packets},{edge.Back.Bytes},{edge.Back.Packets},{edge.CostPerHour},{currency}"));
        }

        return text.ToString();
    }
}
