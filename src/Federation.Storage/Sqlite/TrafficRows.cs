using System.Collections.Immutable;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;
using Microsoft.Data.Sqlite;

namespace Federation.Storage.Sqlite;

/// <summary>Rows of the traffic tables as terms of the domain.</summary>
internal static class TrafficRows
{
    /// <summary>The reports of the query <c>ReadReports</c>, in the domain's order, which SQL does not know.</summary>
    public static ImmutableArray<SensorPart> Read(SqliteDataReader rows, CancellationToken cancel)
    {
        var parts = ImmutableArray.CreateBuilder<SensorPart>();
        var more = rows.Read();
        while (more)
        {
            cancel.ThrowIfCancellationRequested();
            parts.Add(new SensorPart(rows.GetString(8), ReadReport(rows, out more)));
        }

        parts.Sort(SensorPart.ByWindowThenVm);
        return parts.DrainToImmutable();
    }

    /// <summary>Reads the report whose first row is the current one, and goes on to the next report's first row.</summary>
    private static WindowReport ReadReport(SqliteDataReader rows, out bool more)
    {
        var id = rows.GetInt64(0);
        var report = new WindowReport(
            new VmId(rows.GetString(1)),
            WindowColumn.WindowAt(rows.GetInt64(2)),
            [],
            TimeSpan.FromTicks(rows.GetInt64(3)),
            rows.GetInt64(9),
            rows.GetInt32(10));
        var records = ImmutableArray.CreateBuilder<TrafficRecord>();
        do
        {
            if (!rows.IsDBNull(4))
            {
                records.Add(ReadRecord(rows));
            }

            more = rows.Read();
        }
        while (more && rows.GetInt64(0) == id);

        records.Sort(ByPeerThenDirection);
        return report with { Records = records.DrainToImmutable() };
    }

    private static TrafficRecord ReadRecord(SqliteDataReader rows) =>
        new(Address.Parse(rows.GetString(4)), (FlowDirection)rows.GetByte(5), rows.GetInt64(6), rows.GetInt64(7));

    private static int ByPeerThenDirection(TrafficRecord a, TrafficRecord b)
    {
        var byPeer = a.Peer.CompareTo(b.Peer);
        return byPeer != 0 ? byPeer : a.Direction.CompareTo(b.Direction);
    }
}
