using System.Data.Common;
using Federation.Storage;
using Orleans.Serialization;

namespace Federation.Silo.Api;

/// <summary>Tells a database, or a part of the cluster, that is away for now from what is broken.</summary>
internal static class Outage
{
    /// <summary>Whether trying again later makes sense.</summary>
    /// <remarks>A grain's failure may arrive as a copy that has kept no more than the name of its type.</remarks>
    public static bool Is(Exception? fault) => fault switch
    {
        null => false,
        StorageUnavailableException or DbException or TimeoutException or SiloUnavailableException => true,
        AggregateException many => many.InnerExceptions.Any(Is),
        UnavailableExceptionFallbackException copy => IsName(copy.ExceptionType) || Is(copy.InnerException),
        _ => Is(fault.InnerException),
    };

    private static bool IsName(string? type) => type is not null
        && (type.Contains(nameof(StorageUnavailableException), StringComparison.Ordinal) || type.StartsWith("Npgsql.", StringComparison.Ordinal));
}
