using System.Data.Common;
using Federation.Domain.Audit;
using Federation.Domain.Events;
using Federation.Domain.Traffic;

namespace Federation.Storage;

/// <summary>The service's database, whichever it is: how Orleans opens it, its schema, and the stores in it.</summary>
public abstract class FederationDatabase : IAsyncDisposable
{
    /// <summary>The name by which Orleans' ADO.NET providers know the database.</summary>
    public abstract string OrleansInvariant { get; }

    /// <summary>How Orleans opens it. May hold a password: not for logs.</summary>
    public abstract string ConnectionString { get; }

    /// <summary>Where it is, without secrets, fit to show to a user.</summary>
    public abstract string Place { get; }

    /// <summary>Every application's windows.</summary>
    public abstract ITrafficStore Traffic { get; }

    /// <summary>What happened.</summary>
    public abstract IEventLog Events { get; }

    /// <summary>Who did what.</summary>
    public abstract IAuditLog Audit { get; }

    /// <summary>Whether it can be written.</summary>
    public abstract IHeartbeat Heartbeat { get; }

    /// <summary>The folder of the dialect's SQL.</summary>
    internal abstract string Dialect { get; }

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();

    /// <summary>An open connection, for the schema.</summary>
    internal abstract DbConnection Open();

    /// <summary>Begins a transaction in which nobody else changes the schema.</summary>
    internal abstract DbTransaction BeginSchemaChange(DbConnection connection);

    /// <summary>Whether a database that is asked for its version has a table of that name.</summary>
    internal abstract bool HasTable(DbTransaction transaction, string name);
}
