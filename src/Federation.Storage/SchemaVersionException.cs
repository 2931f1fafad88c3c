namespace Federation.Storage;

/// <summary>The database was written by a newer version of the service; nothing in it was changed.</summary>
public sealed class SchemaVersionException : Exception
{
    internal SchemaVersionException(int found, int known)
        : base($"The database has schema version {found} and this service knows version {known} at most: "
            + "run a service at least as new as the one that wrote it, or restore a backup from before the upgrade.")
    {
    }
}
