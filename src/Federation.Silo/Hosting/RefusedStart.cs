using System.Data.Common;
using System.Net.Sockets;
using Federation.Silo.Outages;
using Federation.Silo.Settings;
using Federation.Storage;
using Microsoft.AspNetCore.Connections;

namespace Federation.Silo.Hosting;

/// <summary>What is said of a start that cannot be, in place of a stack: where in the program it was thrown helps nobody.</summary>
internal static class RefusedStart
{
    /// <summary>The sentence; null: it is a fault of the program.</summary>
    public static string? SentenceOf(Exception fault) => fault switch
    {
        // Their messages say what to do.
        RefusedStartException or SchemaVersionException or StorageUnavailableException or InvalidDataException => fault.Message,
        AddressInUseException or SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } =>
            $"The service cannot listen ({fault.Message}): stop the program that listens there, or name other ports with --urls and --Federation:SiloPort.",
        IOException { InnerException: AddressInUseException taken } => SentenceOf(taken),
        _ when Outage.KindOf(fault) is { } outage => $"The service cannot start ({fault.GetBaseException().Message}): {OutageWords.Of(outage).Detail}.",
        DbException { SqlState: not null } server =>
            $"The database refuses the service ({server.Message}): check host, database, user and password in the connection string (Federation:Database or DatabaseFile), "
            + "and the rights of its role ('fedctl db roles').",
        DbException file => $"The database in the data folder cannot be used ({file.Message}): restore a backup, or name another folder with --Federation:Data=FOLDER.",
        UnauthorizedAccessException or FileNotFoundException or DirectoryNotFoundException =>
            $"{fault.Message.TrimEnd('.')}: make it readable and writable for user '{Environment.UserName}'.",
        _ => null,
    };
}
