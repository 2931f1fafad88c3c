using System.Collections.Immutable;

namespace Federation.Sensor.Spool;

/// <summary>What a segment of a spool consists of: one of four.</summary>
internal abstract record SegmentRecord
{
    private SegmentRecord()
    {
    }

    /// <summary>Reports that wait for the service.</summary>
    public sealed record Reports(SpoolEntry Entry) : SegmentRecord;

    /// <summary>The service has answered for these entries.</summary>
    public sealed record Acknowledged(ImmutableArray<long> Ids) : SegmentRecord;

    /// <summary>These entries may have reached the service: they must go again as they are, merged they would count twice.</summary>
    public sealed record Attempted(ImmutableArray<long> Ids) : SegmentRecord;

    /// <summary>This segment has all that is still needed of another one.</summary>
    public sealed record Replaces(long Segment) : SegmentRecord;
}
