namespace Federation.Storage;

/// <summary>Tells whether a database can be written, by writing.</summary>
public interface IHeartbeat
{
    /// <summary>Writes that a silo is there, in place of what it wrote before; durable when it returns.</summary>
    /// <param name="silo">The silo's name, the same at each start.</param>
    /// <param name="at">When.</param>
    /// <param name="cancel">Gives it up.</param>
    /// <exception cref="StorageUnavailableException">The database cannot be written now.</exception>
    Task Beat(string silo, DateTimeOffset at, CancellationToken cancel);
}
