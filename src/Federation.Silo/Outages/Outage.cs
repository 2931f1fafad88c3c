using System.Data.Common;
using Federation.Storage;
using Orleans.Serialization;

namespace Federation.Silo.Outages;

/// <summary>Tells what is out for now from what is broken: a silo, the database, its disk, or the time that a call may take.</summary>
internal static class Outage
{
    // PostgreSQL's too_many_connections and disk_full, as its messages begin: https://www.postgresql.org/docs/15/errcodes-appendix.html
    private const string TooManyConnections = "53300: ";
    private const string DiskFull = "53100: ";

    // ENOSPC, EROFS and EDQUOT of Linux, which a file's fault has as its result.
    private static readonly int[] DiskErrors = [28, 30, 122];

    /// <summary>Whether trying again later makes sense.</summary>
    public static bool Is(Exception? fault) => KindOf(fault) is not null;

    /// <summary>What is out; null: nothing, it is broken, or there is no fault.</summary>
    /// <remarks>A grain's failure may arrive as a copy that has kept no more than the name of its type and its words.</remarks>
    public static OutageKind? KindOf(Exception? fault) => fault switch
    {
        null => null,
        StorageUnavailableException storage => KindOf(storage.Outage),
        DbException database => KindOf(StorageUnavailableException.OutageOf(database)),
        TimeoutException or OperationCanceledException => OutageKind.Time,
        SiloUnavailableException or OrleansMessageRejectionException => OutageKind.Silo,
        IOException file when DiskErrors.Contains(file.HResult) => OutageKind.Disk,
        AggregateException many => many.InnerExceptions.Select(KindOf).FirstOrDefault(kind => kind is not null),
        // What another silo could not even tell: the message names the type.
        CodecNotFoundException lost => IsName(lost.Message) ? Told(lost.Message) ?? OutageKind.Database : null,
        UnavailableExceptionFallbackException copy => IsName(copy.ExceptionType) ? Told(copy.Message) ?? OutageKind.Database : KindOf(copy.InnerException),
        _ => Told(fault.Message) ?? KindOf(fault.InnerException),
    };

    private static OutageKind? KindOf(StorageOutage? outage) => outage switch
    {
        StorageOutage.Away => OutageKind.Database,
        StorageOutage.NoConnections => OutageKind.Connections,
        StorageOutage.Disk => OutageKind.Disk,
        StorageOutage.Slow => OutageKind.Time,
        _ => null,
    };

    // By the server's code in its words: of a fault at another silo there is often no more than those.
    private static OutageKind? Told(string message) =>
        message.Contains(TooManyConnections, StringComparison.Ordinal) ? OutageKind.Connections
        : message.Contains(DiskFull, StringComparison.Ordinal) ? OutageKind.Disk
        : null;

    private static bool IsName(string? type) => type is not null
        && (type.Contains(nameof(StorageUnavailableException), StringComparison.Ordinal) || type.Contains("Npgsql.", StringComparison.Ordinal));
}
