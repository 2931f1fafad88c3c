using System.Data.Common;
using Federation.Storage;
using Orleans.Serialization;

namespace Federation.Silo.Outages;

/// <summary>Tells a database, or a part of the cluster, that is away for now from what is broken.</summary>
internal static class Outage
{
    // PostgreSQL's too_many_connections, as its messages begin: https://www.postgresql.org/docs/15/errcodes-appendix.html
    private const string TooManyConnections = "53300: ";

    /// <summary>Whether the database takes no more connections: waiting may help, an operator helps more.</summary>
    /// <remarks>By its words: of a fault at another silo there is often no more than those.</remarks>
    public static bool IsFull(Exception? fault) =>
        fault is not null && (fault.Message.Contains(TooManyConnections, StringComparison.Ordinal) || IsFull(fault.InnerException));

    /// <summary>Whether trying again later makes sense.</summary>
    /// <remarks>A grain's failure may arrive as a copy that has kept no more than the name of its type.</remarks>
    public static bool Is(Exception? fault) => fault switch
    {
        null => false,
        StorageUnavailableException or DbException or TimeoutException or SiloUnavailableException or OrleansMessageRejectionException => true,
        AggregateException many => many.InnerExceptions.Any(Is),
        // What another silo could not even tell: the message names the type.
        CodecNotFoundException lost => IsName(lost.Message),
        UnavailableExceptionFallbackException copy => IsName(copy.ExceptionType) || Is(copy.InnerException),
        _ => IsFull(fault) || Is(fault.InnerException),
    };

    private static bool IsName(string? type) => type is not null
        && (type.Contains(nameof(StorageUnavailableException), StringComparison.Ordinal) || type.Contains("Npgsql.", StringComparison.Ordinal));
}
